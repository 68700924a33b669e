-- Appointments: one JSON string each, its place in a slot, and who still has to come.
local KEPT = args.keep_appointments or 30 * DAY
local appointment_texts = {}
local function appointment_image(appointment) return appointment_texts[appointment.id] or cjson.encode(appointment) end

local function appointment_of(id)
  local text = id and call('GET', key_appointment(id))
  return text and cjson.decode(text) or refuse('UNKNOWN_APPOINTMENT')
end

local function check_appointment(appointment, move)
  local state = appointment.state
  if APPOINTMENT_MOVES[move] == state then return end
  if state == 'arrived' then refuse('APPOINTMENT_USED', {number = appointment.number}) end
  if state == 'cancelled' then refuse('APPOINTMENT_CANCELLED') end
  refuse('APPOINTMENT_OVER', {slot = appointment.slot})
end

-- The appointment that a person asks to change: one whose time has come can only be kept or missed.
local function changing(id, move)
  local appointment = appointment_of(id)
  check_appointment(appointment, move)
  if now >= appointment.slot then refuse('BOOKING_TOO_LATE', {['until'] = appointment.slot}) end
  return appointment
end

local function save_appointment(appointment)
  local id, slot, text = appointment.id, appointment.slot, cjson.encode(appointment)
  local life = math.max(slot - now, 0) + KEPT
  appointment_texts[id] = text
  call('SET', key_appointment(id), text, 'PX', life)
  call('PEXPIRE', key_booking(id), life)
  call('ZADD', key_agenda(), slot, id)
  if appointment.state == 'booked' then
    call('ZADD', key_awaited(), slot, id)
  else
    call('ZREM', key_awaited(), id)
    call('ZREM', key_due(), 'reminder/' .. id)
  end
  local bookings = key_bookings(appointment.person)
  if appointment.state == 'cancelled' then call('ZREM', bookings, id) else call('ZADD', bookings, slot, id) end
  call('PEXPIRE', bookings, math.max(call('PTTL', bookings), life))
end

-- Places of a slot: the set of appointments that hold one.
local function place_timer(line, slot, id) return 'release/' .. id .. '/' .. line .. '/' .. slot end
local function places_taken(line, slot) return call('SCARD', key_places(line, slot)) end

local function check_place(line, slot, id, capacity)
  if id and call('SISMEMBER', key_places(line, slot), id) == 1 then return end
  if places_taken(line, slot) >= capacity then refuse('SLOT_FULL', {slot = slot}) end
end

local function take_place(appointment)
  local line, slot, id = appointment.line, appointment.slot, appointment.id
  call('SADD', key_places(line, slot), id)
  call('PEXPIRE', key_places(line, slot), slot - now + 2 * DAY)
  return places_taken(line, slot)
end

-- Not free at once: places would be traded by cancelling and booking in the same second.
local function release_later(line, slot, id)
  call('ZADD', key_due(), now + args.release, place_timer(line, slot, id))
end

local function remind_later(appointment)
  local at = args.reminder and appointment.slot - args.reminder
  if at and at > now then
    call('ZADD', key_due(), at, 'reminder/' .. appointment.id)
  else
    call('ZREM', key_due(), 'reminder/' .. appointment.id)
  end
end

-- The first of some random codes that nobody has lives until the day after the slot.
local function give_code(appointment, codes)
  local id = appointment.id
  local code = call('HGET', key_booking(id), 'code')
  for _, fresh in ipairs(codes or {}) do
    if code then break end
    if call('EXISTS', key_desk_code(fresh)) == 0 then code = fresh end
  end
  if not code then error('no desk code is free') end
  call('SET', key_desk_code(code), id, 'PX', appointment.slot - now + 2 * DAY)
  call('HSET', key_booking(id), 'code', code)
  return code
end

-- The appointment that checks in: on its own date or just before midnight, not earlier than `early`. One that is kept
-- elsewhere brings its slot along, and the store knows it by its check-in alone.
local function arriving()
  if not args.appointment then return nil end
  local appointment
  if args.slot then
    appointment = {id = args.appointment, slot = args.slot, date = args.slot_date, line = args.line, elsewhere = true}
  else
    appointment = appointment_of(args.appointment)
    check_appointment(appointment, 'arrive')
    if appointment.line ~= args.line then refuse('SERVICES_MIXED') end
    if appointment.date < args.date then refuse('APPOINTMENT_OVER', {slot = appointment.slot}) end
  end
  if now < appointment.slot - args.early then refuse('TOO_EARLY', {from_ = appointment.slot - args.early}) end
  local used = appointment.elsewhere and call('HGET', key_checked_in(appointment.date), appointment.id)
  if used then refuse('APPOINTMENT_USED', {number = ticket_of(used).number}) end
  return appointment
end

-- Returns the appointment's image, for the entry.
local function arrive(appointment, ticket)
  if appointment.elsewhere then
    call('HSET', key_checked_in(appointment.date), appointment.id, ticket.id)
    call('PEXPIRE', key_checked_in(appointment.date), 2 * DAY)
    return nil
  end
  appointment.state, appointment.ended_at = 'arrived', now
  appointment.ticket, appointment.number = ticket.id, ticket.number
  save_appointment(appointment)
  return appointment_image(appointment)
end
