-- Pick: which waiting ticket a window calls next.
local SETS_WAITING = {'priority', 'general'}

-- The queues a window calls from: its lines, and what is addressed to it or to its clerk.
local function served_by(window)
  local queues = {}
  for _, line in ipairs(args.queues) do queues[#queues + 1] = line end
  queues[#queues + 1] = '@window/' .. window.id
  if window.clerk then queues[#queues + 1] = '@clerk/' .. window.clerk end
  return queues
end

-- Ids this window returned itself and still passes over; forgets the ones whose time is up.
local function passed_over(window)
  local ids, kept = {}, {}
  for id, till in pairs(window.passed or {}) do
    if till > now then ids[#ids + 1], ids[id], kept[id] = id, true, till end
  end
  window.passed = next(kept) and kept
  return ids
end

local function earlier(one, other)
  if not one or not other then return one or other end
  if one.time ~= other.time then return one.time < other.time and one or other end
  return one.id < other.id and one or other
end

-- The earliest of some sets of some queues, leaving out a few ids.
local function earliest(queues, sets, skip)
  local best
  for _, queue in ipairs(queues) do
    for _, set in ipairs(sets) do
      local found = call('ZRANGE', key_queue(queue, set), 0, #skip, 'WITHSCORES')
      for i = 1, #found, 2 do
        if not skip[found[i]] then
          best = earlier(best, {id = found[i], time = tonumber(found[i + 1])})
          break
        end
      end
    end
  end
  return best
end

-- Which queues an open general window serves.
local function guarded_queues()
  local guarded = {}
  for queue, windows in pairs(args.guards) do
    for _, id in ipairs(windows) do
      if window_of(id).state == 'open' then guarded[queue] = true end
    end
  end
  return guarded
end

-- A priority window takes priority tickets first; in a line that no open general window serves
-- it picks as a general one. Returns the pick and the rule that made it.
local function pick(queues, skip)
  if args.kind == 'general' then return earliest(queues, SETS_WAITING, skip), 'next' end
  local guarded, best, rule = guarded_queues(), nil, 'next'
  for _, queue in ipairs(queues) do
    best = earlier(best, earliest({queue}, guarded[queue] and {'priority'} or SETS_WAITING, skip))
    if guarded[queue] then rule = 'priority' end
  end
  return best or earliest(queues, {'general'}, skip), rule
end
