-- Queues: three sorted sets each, of ticket ids.
-- The order's formula: domain/tickets.py standing() says why. Returns set, queue time, booked.
local function standing(ticket)
  local base = ticket.arrived - (ticket.green or 0)
  local slot, shift = ticket.slot, ticket.shift or 0
  local kept = slot and ticket.arrived <= slot + ticket.grace
  if kept and now >= slot then
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

-- How many a general window would call before this waiting ticket, by set.
local function ahead(ticket)
  local counts = {}
  for _, set in ipairs({'priority', 'general'}) do
    local key = key_queue(ticket.queue, set)
    if set == ticket.lane then
      counts[set] = call('ZRANK', key, ticket.id)
    else
      counts[set] = call('ZCOUNT', key, '-inf', '(' .. ticket.queue_time)
      for _, id in ipairs(call('ZRANGEBYSCORE', key, ticket.queue_time, ticket.queue_time)) do
        if id < ticket.id then counts[set] = counts[set] + 1 end
      end
    end
  end
  return counts
end
