-- Queues: three sorted sets each, of ticket ids.
-- The order's formula: domain/tickets.py standing() says why. Returns set, queue time, booked; at
-- another moment than now when one is given.
local function standing(ticket, at)
  local base = ticket.arrived - math.max(ticket.green or 0, ticket.slip or 0)
  local slot, shift = ticket.slot, ticket.shift or 0
  local kept = slot and ticket.arrived <= slot + ticket.grace
  if kept and (at or now) >= slot then
    return 'priority', math.min(base, slot - ticket.slot_head_start) + shift, false
  end
  return ticket.green and 'priority' or 'general', base + shift, kept
end

-- A private queue whose owner has gone sends its tickets to their line.
local function reachable(queue, line)
  local window, clerk = string.match(queue, '^@window/(.+)$'), string.match(queue, '^@clerk/(.+)$')
  if window then
    local text = call('HGET', key_windows(), window)
    return text and cjson.decode(text).state ~= 'closed' and queue or line
  end
  return (not clerk or call('HEXISTS', key_clerks(), clerk) == 1) and queue or line
end

local function leave(ticket)
  for _, set in ipairs(SETS) do call('ZREM', key_queue(ticket.queue, set), ticket.id) end
  touched[ticket.queue] = true
end

-- Puts a ticket into its set. Its place is worked out from its fields every time, never kept.
local function enter(ticket)
  local booked
  ticket.queue = reachable(ticket.queue, ticket.line)
  ticket.lane, ticket.queue_time, booked = standing(ticket)
  ticket.state = 'waiting'
  call('ZADD', key_queue(ticket.queue, ticket.lane), ticket.queue_time, ticket.id)
  if booked then
    call('ZADD', key_queue(ticket.queue, 'booked'), ticket.slot, ticket.id)
    call('ZADD', key_due(), ticket.slot, 'slot/' .. ticket.id)
  end
  touched[ticket.queue] = true
end

local function reenter(ticket) leave(ticket); enter(ticket) end

-- Booked tickets whose slot has come move into the priority set, one entry each.
local function drain(queue)
  for _, id in ipairs(call('ZRANGEBYSCORE', key_queue(queue, 'booked'), '-inf', now)) do
    local ticket = ticket_of(id)
    reenter(ticket)
    save(ticket)
    call('ZREM', key_due(), 'slot/' .. id)
    journal('slot_due', {ticket = image(ticket)})
  end
end

-- How many of a set stand before a ticket that need not stand in it.
local function before_in(set, ticket)
  local key = key_queue(ticket.queue, set)
  local count = call('ZCOUNT', key, '-inf', '(' .. ticket.queue_time)
  for _, id in ipairs(call('ZRANGEBYSCORE', key, ticket.queue_time, ticket.queue_time)) do
    if id < ticket.id then count = count + 1 end
  end
  return count
end

-- How many a general window would call before this waiting ticket, by set. Whose slot has come but whom
-- no pick has moved yet counts where it belongs.
local function ahead(ticket)
  local due = call('ZRANGEBYSCORE', key_queue(ticket.queue, 'booked'), '-inf', now)
  local counts = {}
  for _, set in ipairs({'priority', 'general'}) do
    local moved = #due == 0 and set == ticket.lane
    counts[set] = moved and call('ZRANK', key_queue(ticket.queue, set), ticket.id) or before_in(set, ticket)
  end
  local function count(other, lane, time, by)
    local earlier = time < ticket.queue_time or (time == ticket.queue_time and other.id < ticket.id)
    if earlier then counts[lane] = counts[lane] + by end
  end
  for _, id in ipairs(due) do
    if id ~= ticket.id then
      local other = ticket_of(id)
      count(other, other.lane, other.queue_time, -1)
      local lane, time = standing(other)
      count(other, lane, time, 1)
    end
  end
  return counts
end
