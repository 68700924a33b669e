-- remind: an appointment is near. Whoever sends notices follows the entry.
--
-- args    appointment
-- Returns {appointment}
-- Errors  UNKNOWN_APPOINTMENT
-- Journal reminder_due {appointment}, once a slot, while it is booked and ahead
call('ZREM', key_due(), 'reminder/' .. args.appointment)
local appointment = appointment_of(args.appointment)
if appointment.state == 'booked' and now < appointment.slot and appointment.reminded ~= appointment.slot then
  appointment.reminded = appointment.slot
  save_appointment(appointment)
  journal('reminder_due', {appointment = appointment_image(appointment)})
end
return {appointment = appointment_image(appointment)}
