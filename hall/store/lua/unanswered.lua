-- unanswered: nobody came to a call in walking time; the console offers "did not come".
--
-- args    ticket, calls (which ring)
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET
-- Journal unanswered {ticket}, unless the ring was answered or is no longer the last
local ticket = ticket_of(args.ticket)
call('ZREM', key_due(), 'unanswered/' .. args.ticket .. '/' .. args.calls)
if ticket.state == 'called' and ticket.calls == args.calls and not ticket.unanswered_at then
  ticket.unanswered_at = now
  save(ticket)
  journal('unanswered', {ticket = image(ticket)})
end
return {ticket = image(ticket)}
