-- cancel_booking: the person will not come. The place is free again after a while, not at once.
--
-- args    appointment, release (ms until the place is free)
-- Returns {appointment}
-- Errors  UNKNOWN_APPOINTMENT, APPOINTMENT_USED, APPOINTMENT_CANCELLED, APPOINTMENT_OVER, BOOKING_TOO_LATE
-- Journal booking_cancelled {appointment}
local appointment = changing(args.appointment, 'cancel')
appointment.state, appointment.ended_at = 'cancelled', now
release_later(appointment.line, appointment.slot, appointment.id)
save_appointment(appointment)
journal('booking_cancelled', {appointment = appointment_image(appointment)})
return {appointment = appointment_image(appointment)}
