-- prelude: what every move shares. Rendered before each move by scripts.py, which fills in the
-- two places marked @ from keys.py and from hall/domain/tickets.py.
--
-- KEYS[1] the hall's tag    ARGV[1] JSON {move, by, key, print, config, now, args}
--
-- A move is a function of `args`; it refuses before its first write, because a script that
-- fails half-way is not rolled back.
local HALL = KEYS[1]
local request = cjson.decode(ARGV[1])
local args, call = request.args, redis.call
--@keys
--@moves
local MINUTE, DAY = 60000, 86400000
local SETS = {'priority', 'general', 'booked'}

local function refuse(code, facts) error({refusal = code, facts = facts or {}}, 0) end

-- The clock: the server's, or the caller's (tests, the simulator), and never backwards.
local hall = call('HMGET', HALL, 'now', 'config', 'epoch', 'stepped', 'layout')
local server = call('TIME')
local wanted = request.now > 0 and request.now or (server[1] * 1000 + math.floor(server[2] / 1000))
local last = tonumber(hall[1] or 0)
local now = math.max(wanted, last)
if hall[4] and request.now == 0 then
  -- The server's clock fell back. The hall's must not stand still till then: its timers would not come. It goes on at half
  -- the pace until both are one again.
  local fell_to, from = string.match(hall[4], '(%d+)/(%d+)')
  if fell_to then now = math.max(now, from + math.floor((wanted - fell_to) / 2)) end
end

-- A table as JSON. Images are JSON text already: encoding a ticket again for the journal and the
-- reply would cost as much as the move.
local RAW = {
  ticket = true, window = true, finished = true, tickets = true, windows = true, calls = true, appointment = true,
  case = true, visit = true,
}
local function json(fields)
  local parts = {}
  for name, value in pairs(fields) do
    parts[#parts + 1] = '"' .. name .. '":' .. (RAW[name] and value or cjson.encode(value))
  end
  return '{' .. table.concat(parts, ',') .. '}'
end

local touched, last_entry = {}, nil
local function waiting_in(queue)
  return call('ZCARD', key_queue(queue, 'priority')) + call('ZCARD', key_queue(queue, 'general'))
end

-- One entry of the journal; counts of the queues touched since the last one go with it.
local function journal(kind, entry)
  entry = entry or {}
  entry.kind, entry.at, entry.by = kind, now, request.by
  if next(touched) then
    entry.waiting = {}
    for queue in pairs(touched) do entry.waiting[queue] = waiting_in(queue) end
    touched = {}
  end
  last_entry = call('XADD', key_journal(), '*', 'e', json(entry))
  return last_entry
end
