-- release_place: a place that was given up is free for others.
--
-- args    appointment (who held it), line, slot
-- Returns {released}
-- Errors  none
-- Journal place_released {line, slot, taken}, unless it was released before, or is held again
call('ZREM', key_due(), place_timer(args.line, args.slot, args.appointment))
local text = call('GET', key_appointment(args.appointment))
local appointment = text and cjson.decode(text)
local held = appointment and appointment.state ~= 'cancelled'
  and appointment.line == args.line and appointment.slot == args.slot
if held or call('SREM', key_places(args.line, args.slot), args.appointment) == 0 then return {released = false} end
journal('place_released', {line = args.line, slot = args.slot, taken = places_taken(args.line, args.slot)})
return {released = true}
