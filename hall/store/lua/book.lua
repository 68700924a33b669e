-- book: a place of a slot for a person, whose record is written in the same step. The same external id again
-- gives the appointment it gave before.
--
-- args    line, slot, date (of the slot), services, language, capacity, record {id, known, card, blob, key, finds},
--         limits, penalty (8b_booking_rules.lua; nil: none), reminder (ms before; nil: none), codes (to choose the
--         desk code from), external, print (of an imported row, nil for others)
-- Returns {appointment, code, known (the external id was there)}
-- Errors  SLOT_FULL, BOOKING_LIMIT, BOOKING_BLOCKED, BOOKING_TOO_LATE, UNKNOWN_PERSON, STALE_CONFIG
-- Journal booked {appointment, taken (places of the slot)}
local external = args.external and call('GET', key_external(args.external))
if external then
  return {appointment = appointment_image(appointment_of(external)), known = true,
    code = call('HGET', key_booking(external), 'code')}
end
if now >= args.slot then refuse('BOOKING_TOO_LATE', {['until'] = args.slot}) end
local person = known_person(args.record)
check_limits(args.limits, person)
check_penalty(args.penalty, person)
check_place(args.line, args.slot, nil, args.capacity)

keep_person(args.record)
local appointment = {
  id = string.format('%010d', call('HINCRBY', HALL, 'appointments', 1)), state = 'booked', line = args.line,
  services = args.services, slot = args.slot, date = args.date, person = person, language = args.language,
  booked_at = now,
}
local booking, life = key_booking(appointment.id), args.slot - now + KEPT
local code = give_code(appointment, args.codes)
if args.external then
  call('HSET', booking, 'external', args.external, 'print', args.print)
  call('SET', key_external(args.external), appointment.id, 'PX', life)
  appointment.imported = true
end
local places = take_place(appointment)
remind_later(appointment)
save_appointment(appointment)
journal('booked', {appointment = appointment_image(appointment), taken = places})
return {appointment = appointment_image(appointment), code = code}
