-- The envelope of every move: layout of the keys, request keys, configuration version, clock.
-- Runs a move once per request key. A refusal is not remembered: nothing happened.
local function conclude(move)
  -- A hall without a mark has the first layout; one that is not there yet gets this code's.
  local layout = hall[5] or (hall[3] and '1' or LAYOUT)
  if layout ~= LAYOUT then
    return redis.error_reply('STORE_LAYOUT ' .. cjson.encode({has = layout, needs = LAYOUT}))
  end
  local memory = request.key ~= '' and key_request(request.by, request.key)
  local known = memory and call('GET', memory)
  if known then
    known = cjson.decode(known)
    if known.print ~= request.print then return redis.error_reply('KEY_REUSED {}') end
    return known.reply
  end
  if request.config ~= 0 and request.config ~= tonumber(hall[2] or 0) then
    return redis.error_reply('STALE_CONFIG {}')
  end
  local fine, reply = pcall(move)
  if not fine then
    if type(reply) ~= 'table' or not reply.refusal then error(reply) end
    return redis.error_reply(reply.refusal .. ' ' .. cjson.encode(reply.facts))
  end
  if last_entry then
    -- One alarm a step, not one a move until the clock has caught up.
    local known = hall[4] and tonumber(string.match(hall[4], '^%d+'))
    if last - wanted > MINUTE and (not known or wanted < known - MINUTE) then
      journal('clock_stepped', {behind = last - wanted})
      -- A caller's own clock says nothing of the server's: then there is no time at which that one fell back.
      call('HSET', HALL, 'stepped', string.format(request.now == 0 and '%.0f/%.0f' or '%.0f', wanted, now))
    elseif known and now <= wanted then
      call('HDEL', HALL, 'stepped')
    end
    call('HSET', HALL, 'now', now)
    if not hall[5] then call('HSET', HALL, 'layout', LAYOUT) end
  end
  local text = json(reply)
  if memory then call('SET', memory, cjson.encode({print = request.print, reply = text}), 'PX', DAY) end
  return text
end
