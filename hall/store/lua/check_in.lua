-- check_in: give a number to somebody the hall knows more of: whose appointment it is, or who leaves a phone. It runs
-- as the move `issue`.
--
-- args    those of issue; appointment, slot_head_start, grace, early; notice (true: wants to be told when the call is
--         near), record (of a person with a phone); slot and slot_date of an appointment that is kept elsewhere
-- Returns {ticket, ahead (while it waits)}
-- Errors  those of issue; UNKNOWN_APPOINTMENT, TOO_EARLY, APPOINTMENT_USED, APPOINTMENT_CANCELLED, APPOINTMENT_OVER,
--         SERVICES_MIXED (booked for another line), UNKNOWN_PERSON
-- Journal issued {ticket, appointment, override}, or checked_in {ticket, appointment} when the slot goes onto an open
--         ticket
local appointment = arriving()
local open = open_ticket()
if open and (not appointment or open.slot) then refuse('TICKET_OPEN', {number = open.number}) end
local slip = not open and usable_slip() or nil
if not open then check_contingent() end
if args.record then known_person(args.record) end

local ticket = open or new_ticket(slip)
ticket.notice = args.notice or ticket.notice
if appointment then
  ticket.appointment, ticket.slot = appointment.id, appointment.slot
  ticket.slot_head_start, ticket.grace = args.slot_head_start, args.grace
end
if not open then
  admit(ticket)
else
  open.wait_low, open.wait_high = nil, nil -- shown for the place it had before
  if open.state == 'waiting' then reenter(open) end
  save(open)
end
-- Whose ticket it is, for whoever tells them that the call is near.
local record = args.record and keep_person(args.record) or appointment and appointment.person
if record then call('HSET', key_private(ticket.id), 'record', record) end
local arrived = appointment and arrive(appointment, ticket) or nil
journal(open and 'checked_in' or 'issued', {ticket = image(ticket), appointment = arrived, override = args.override})
return {ticket = image(ticket), ahead = ticket.state == 'waiting' and ahead(ticket) or nil}
