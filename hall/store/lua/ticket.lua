-- ticket: one ticket with its note and its place. Changes nothing.
--
-- args    ticket, or number and date
-- Returns {ticket, note, ahead (while it waits), now}
-- Errors  UNKNOWN_TICKET
local ticket = named_ticket()
if ticket.state == 'waiting' then ticket.lane, ticket.queue_time = standing(ticket) end
local note = call('HGET', key_private(ticket.id), 'note')
return {ticket = image(ticket), note = note or nil, ahead = ticket.state == 'waiting' and ahead(ticket) or nil, now = now}
