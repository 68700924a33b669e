-- snapshot: the whole hall at one moment, with the journal id it is true for. Changes nothing:
-- a booked ticket whose slot has come is read as re-keyed.
--
-- args    undo_ms
-- Returns {as_of, epoch, now, config, closed_day, tickets [image], windows [image], calls [ring]}
-- Errors  none
local newest = call('XREVRANGE', keys.journal(), '+', '-', 'COUNT', 1)
local tickets, windows, calls = {}, {}, {}
for _, id in ipairs(call('SMEMBERS', keys.open())) do
  local ticket = ticket_of(id)
  if ticket.state == 'waiting' then ticket.lane, ticket.queue_time = standing(ticket) end
  tickets[#tickets + 1] = image(ticket)
end
for _, text in ipairs(call('HVALS', keys.windows())) do windows[#windows + 1] = window_image(cjson.decode(text)) end
for _, text in ipairs(call('LRANGE', keys.calls(), 0, -1)) do calls[#calls + 1] = cjson.decode(text) end
return {
  as_of = newest[1] and newest[1][1] or '0-0', epoch = hall[3], now = now, config = tonumber(hall[2] or 0),
  closed_day = call('HGET', HALL, 'closed_day') or nil, tickets = tickets, windows = windows, calls = calls,
}
