-- ticket: one ticket with its note and its place. Changes nothing.
--
-- args    ticket, or number and date
-- Returns {ticket (with note), ahead (while it waits), now}
-- Errors  UNKNOWN_TICKET
local ticket = named_ticket()
if ticket.state == 'waiting' then ticket.lane, ticket.queue_time = standing(ticket) end
local answer = image(ticket)
answer.note = ticket.note
return {ticket = answer, ahead = ticket.state == 'waiting' and ahead(ticket) or nil, now = now}
