-- close_day: what is left of the day ends as expired, never as served; windows close. Once a date,
-- whoever asks.
--
-- args    date
-- Returns {closed, tickets, no_shows}
-- Errors  none
-- Journal expired | finished {ticket}…, no_show {appointment}…, window_closed {window}…, day_closed {date}
if (call('HGET', HALL, 'closed_day') or '') >= args.date then return {closed = false, tickets = 0, no_shows = 0} end
local ended = 0
for _, id in ipairs(call('SMEMBERS', key_open())) do
  local ticket = ticket_of(id)
  if ticket.date <= args.date then
    local serving = ticket.state == 'serving'
    if ticket.state == 'waiting' then leave(ticket) end
    ticket.state, ticket.ended_at = serving and 'done' or 'expired', now
    if serving then ticket.outcome = 'unclosed' end
    save(ticket)
    journal(serving and 'finished' or 'expired', {ticket = image(ticket)})
    ended = ended + 1
  end
end
local missing = miss_appointments(args.date)
for _, text in ipairs(call('HVALS', key_windows())) do
  local window = cjson.decode(text)
  local ticket = window.ticket and ticket_of(window.ticket)
  -- A window may hold a ticket of the next day already: midnight does not stop it.
  if window.state ~= 'closed' and not (ticket and is_open(ticket)) then
    window.ticket = nil
    shut(window)
  end
end
call('HSET', HALL, 'closed_day', args.date)
journal('day_closed', {date = args.date})
return {closed = true, tickets = ended, no_shows = missing}
