-- ticket: one ticket with its note and its place. Changes nothing.
--
-- args    ticket, or number and date
-- Returns {ticket, note, now}, while it waits also ahead, and may_still: how many are here, later by the rule at this
--         moment, whose booked time comes soon enough to put them before it
-- Errors  UNKNOWN_TICKET
local ticket = named_ticket()
if ticket.state == 'waiting' then ticket.lane, ticket.queue_time = standing(ticket) end
local note = call('HGET', key_private(ticket.id), 'note')
if ticket.state ~= 'waiting' then return {ticket = image(ticket), note = note or nil, now = now} end

local may_still = 0
for _, id in ipairs(call('ZRANGEBYSCORE', key_queue(ticket.queue, 'booked'), '(' .. now, '+inf')) do
  local other = ticket_of(id)
  local _, present = standing(other)
  local _, at_slot = standing(other, other.slot)
  local function before(time) return time < ticket.queue_time or (time == ticket.queue_time and id < ticket.id) end
  if id ~= ticket.id and not before(present) and before(at_slot) then may_still = may_still + 1 end
end
return {ticket = image(ticket), note = note or nil, now = now, ahead = ahead(ticket), may_still = may_still}
