-- rebook: an appointment gets another slot, other services, or newer facts of its person. The old place is
-- free again later, as after a cancellation.
--
-- args    appointment, services, language; for another slot: line, slot, date, capacity, reminder, limits, changes (how
--         often it may be changed; nil: always), release (ms until the old place is free); import: record, print
-- Returns {appointment, code}
-- Errors  UNKNOWN_APPOINTMENT, APPOINTMENT_USED, APPOINTMENT_CANCELLED, APPOINTMENT_OVER, BOOKING_TOO_LATE,
--         SLOT_FULL, BOOKING_LIMIT, CHANGES_USED_UP, STALE_CONFIG
-- Journal rebooked {appointment, taken, left {line, slot} when the slot changed}
local appointment = changing(args.appointment, 'rebook')
local id, left = appointment.id, nil
if args.slot and (args.line ~= appointment.line or args.slot ~= appointment.slot) then
  left = {line = appointment.line, slot = appointment.slot}
  if now >= args.slot then refuse('BOOKING_TOO_LATE', {['until'] = args.slot}) end
  if args.changes and (appointment.changes or 0) >= args.changes then
    refuse('CHANGES_USED_UP', {limit = args.changes})
  end
  check_limits(args.limits, appointment.person, id)
  check_place(args.line, args.slot, id, args.capacity)
end

if args.record then
  local person = keep_person(args.record)
  if person ~= appointment.person then call('ZREM', key_bookings(appointment.person), id) end
  appointment.person = person
end
if args.print then call('HSET', key_booking(id), 'print', args.print) end
appointment.services, appointment.language = args.services, args.language
if left then
  appointment.line, appointment.slot, appointment.date = args.line, args.slot, args.date
  appointment.changes = (appointment.changes or 0) + 1
  release_later(left.line, left.slot, id)
  remind_later(appointment)
end
local places, code = take_place(appointment), give_code(appointment)
save_appointment(appointment)
local external = call('HGET', key_booking(id), 'external')
if external then call('PEXPIRE', key_external(external), appointment.slot - now + KEPT) end
journal('rebooked', {appointment = appointment_image(appointment), taken = places, left = left})
return {appointment = appointment_image(appointment), code = code}
