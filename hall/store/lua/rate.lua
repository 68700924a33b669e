-- rate: the person who was served says how it was; once a number, and never with its name: the entry names no ticket
-- and no clerk.
--
-- args    ticket, or number and date, or window and pad_ms (the service that ended there within it); level, items, source, due_ms (nil: a good one)
-- Returns {rating}
-- Errors  UNKNOWN_TICKET, NOT_FINISHED, ALREADY_RATED
-- Journal rated {rating {id, at, level, items, source, date, line, services, window, lane, group, due_at}}
local ticket
if args.window then
  -- Not the number called last: with "finish and call next" that is already somebody else's.
  local text = call('HGET', key_served(), args.window)
  local served = text and cjson.decode(text)
  if not served or now > served.at + args.pad_ms then refuse('NOT_FINISHED', {window = args.window}) end
  ticket = ticket_of(served.ticket)
else
  ticket = named_ticket()
end
if ticket.state ~= 'done' or ticket.outcome == 'unclosed' then
  refuse('NOT_FINISHED', {number = ticket.number})
end
local rated = key_rated(ticket.date)
if call('HEXISTS', rated, ticket.id) == 1 then refuse('ALREADY_RATED', {number = ticket.number}) end

local in_time = ticket.slot and ticket.arrived <= ticket.slot + (ticket.grace or 0)
local rating = {
  id = call('HINCRBY', HALL, 'ratings', 1), at = now, level = args.level, source = args.source, date = ticket.date,
  line = ticket.line, services = ticket.services, window = ticket.window, group = ticket.group,
  lane = in_time and 'appointment' or ticket.green and 'green' or 'ordinary',
}
if args.items and #args.items > 0 then rating.items = args.items end
if args.due_ms then rating.due_at = now + args.due_ms end
call('HSET', rated, ticket.id, rating.id)
call('PEXPIRE', rated, 3 * DAY)
if rating.due_at then call('HSET', key_follow_ups(), rating.id, cjson.encode(rating)) end
journal('rated', {rating = rating})
return {rating = rating}
