-- What a person may book: how many on one day, and whether at all.
-- `limits`: {count, from, to (the day, ms), others (people with the same phone)}; `but` is left out.
local function check_limits(limits, person, but)
  if not limits then return end
  local people, count = {[person] = true}, 0
  for _, other in ipairs(limits.others or {}) do people[other] = true end
  for one in pairs(people) do
    for _, id in ipairs(call('ZRANGEBYSCORE', key_bookings(one), limits.from, '(' .. limits.to)) do
      if id ~= but then count = count + 1 end
    end
  end
  if count >= limits.count then refuse('BOOKING_LIMIT', {limit = limits.count}) end
end

-- `penalty`: {count, within, block (ms)}: so many no-shows within a time block booking from the last one on.
local function check_penalty(penalty, person)
  if not penalty then return end
  local found, times = call('ZREVRANGE', key_no_shows(person), 0, -1, 'WITHSCORES'), {}
  for i = 2, #found, 2 do times[#times + 1] = tonumber(found[i]) end
  for i = 1, #times - penalty.count + 1 do
    local over = times[i] + penalty.block
    if times[i] - times[i + penalty.count - 1] <= penalty.within and now < over then
      refuse('BOOKING_BLOCKED', {['until'] = over})
    end
  end
end

-- Who was booked for a date that is over and did not come. Returns how many.
local function miss_appointments(date)
  local missing = 0
  for _, id in ipairs(call('ZRANGEBYSCORE', key_awaited(), '-inf', now)) do
    local appointment = appointment_of(id)
    if appointment.date <= date then
      appointment.state, appointment.ended_at = 'no_show', now
      save_appointment(appointment)
      local no_shows = key_no_shows(appointment.person)
      call('ZADD', no_shows, appointment.slot, id)
      call('PEXPIRE', no_shows, 400 * DAY)
      journal('no_show', {appointment = appointment_image(appointment)})
      missing = missing + 1
    end
  end
  call('ZREMRANGEBYSCORE', key_agenda(), '-inf', now - KEPT)
  return missing
end
