-- snapshot: the whole hall at one moment, with the journal id it is true for. Changes nothing:
-- a booked ticket whose slot has come is read as re-keyed.
--
-- args    none
-- Returns {as_of, epoch, now, config, closed_day, tickets [image], windows [image], calls [ring],
--         printers [id, JSON, …], help [kiosk, JSON, …], notes [name, JSON, …]}
-- Errors  none
local newest = call('XREVRANGE', key_journal(), '+', '-', 'COUNT', 1)
local tickets = {}
for _, id in ipairs(call('SMEMBERS', key_open())) do
  local ticket = ticket_of(id)
  if ticket.state == 'waiting' then ticket.lane, ticket.queue_time = standing(ticket) end
  tickets[#tickets + 1] = image(ticket)
end
local function list(texts) return '[' .. table.concat(texts, ',') .. ']' end
return {
  as_of = newest[1] and newest[1][1] or '0-0', epoch = hall[3], now = now, config = tonumber(hall[2] or 0),
  closed_day = call('HGET', HALL, 'closed_day') or nil,
  tickets = list(tickets), windows = list(call('HVALS', key_windows())), calls = list(call('LRANGE', key_calls(), 0, -1)),
  printers = call('HGETALL', key_printers()), help = call('HGETALL', key_help()), notes = call('HGETALL', key_notes()),
}
