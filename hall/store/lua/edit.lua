-- edit: change what is said of a ticket, never its place; a claim may be declared once.
--
-- args    ticket, or number and date; services, language, note, group, green (each or nil); known_note: the note that
--         whoever writes one has read, and thinks to replace; nil: whatever there is
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL, CLAIM_DECIDED, NOTE_CHANGED
-- Journal edited {ticket}
local ticket = named_ticket()
check_move(ticket, 'edit')
if args.note and args.known_note and args.known_note ~= (call('HGET', key_private(ticket.id), 'note') or '') then
  refuse('NOTE_CHANGED', {number = ticket.number})
end
if args.group then
  if ticket.claim then refuse('CLAIM_DECIDED', {number = ticket.number}) end
  ticket.group, ticket.green, ticket.claim = args.group, args.green, 'declared'
  if ticket.state == 'waiting' then reenter(ticket) end
end
ticket.services, ticket.language = args.services or ticket.services, args.language or ticket.language
if args.note then
  ticket.noted = args.note ~= '' or nil
  if ticket.noted then call('HSET', key_private(ticket.id), 'note', args.note) else call('HDEL', key_private(ticket.id), 'note') end
end
save(ticket)
journal('edited', {ticket = image(ticket)})
return {ticket = image(ticket)}
