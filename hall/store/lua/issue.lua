-- issue: give a number, or check an appointment in.
--
-- args    line, letter, date, services, language, contingent (nil: none), green, group, claim, person,
--         appointment, slot_head_start, grace, early, slip, slip_head_start, record (of a person with a phone),
--         notice (true: wants to be told when the call is near), slot and slot_date of an appointment kept elsewhere,
--         wait_low, wait_high (minutes, the wait that is shown; nil: unknown)
-- Returns {ticket, ahead}
-- Errors  TICKET_OPEN, CONTINGENT_FULL, UNKNOWN_APPOINTMENT, TOO_EARLY, APPOINTMENT_USED, APPOINTMENT_CANCELLED,
--         APPOINTMENT_OVER, SERVICES_MIXED (booked for another line), SLIP_USED, STALE_CONFIG
-- Journal issued {ticket, appointment}, or checked_in {ticket, appointment} when the slot is attached to an open ticket
local appointment = arriving()
if args.record then known_person(args.record) end

-- What is kept beside the ticket: whose it is, for whoever tells them that the call is near. Returns the image of
-- the appointment that has checked in with it.
local function remember(ticket)
  local record = args.record and keep_person(args.record) or appointment and appointment.person
  if record then call('HSET', key_private(ticket.id), 'record', record) end
  return appointment and arrive(appointment, ticket)
end

-- The slot goes onto the ticket.
local function book_in(ticket)
  if not appointment then return end
  ticket.appointment, ticket.slot = appointment.id, appointment.slot
  ticket.slot_head_start, ticket.grace = args.slot_head_start, args.grace
end

local open_id = args.person and call('HGET', key_person(args.person), args.line)
if open_id then
  local ticket = ticket_of(open_id)
  if not appointment or ticket.slot then refuse('TICKET_OPEN', {number = ticket.number}) end
  ticket.notice = args.notice or ticket.notice
  ticket.wait_low, ticket.wait_high = nil, nil -- shown for the place it had before
  book_in(ticket)
  if ticket.state == 'waiting' then reenter(ticket) end
  save(ticket)
  journal('checked_in', {appointment = remember(ticket), ticket = image(ticket)})
  return {ticket = image(ticket), ahead = ticket.state == 'waiting' and ahead(ticket) or nil}
end

local slip = args.slip and ticket_of(args.slip)
if slip and (slip.outcome ~= 'papers_missing' or slip.date ~= args.date or slip.slip_used) then refuse('SLIP_USED') end
local counters, numbers = key_counters(args.date), key_numbers(args.date)
if args.contingent and tonumber(call('HGET', counters, args.line) or 0) >= args.contingent then
  refuse('CONTINGENT_FULL', {line = args.line})
end

local ticket = {
  id = string.format('%010d', call('HINCRBY', HALL, 'sequence', 1)),
  number = string.format('%s%03d', args.letter, call('HINCRBY', counters, args.line, 1)),
  date = args.date, line = args.line, issued_line = args.line, queue = args.line, services = args.services,
  arrived = now, issued_at = now, language = args.language, green = args.green, group = args.group, claim = args.claim,
  notice = args.notice, wait_low = args.wait_low, wait_high = args.wait_high,
}
if slip then
  slip.slip_used, ticket.slip_of = true, slip.id
  -- A missing paper does not send you to the end: the old place, but never more than a green head start.
  -- It is a head start as the others are, so that a refused claim leaves it and no two of them add up.
  if slip.line == args.line then
    ticket.slip = math.max(0, math.min(now - slip.slip_time, args.slip_head_start))
  end
  save(slip)
end
book_in(ticket)
enter(ticket)
save(ticket)
call('HSET', numbers, ticket.number, ticket.id)
for _, key in ipairs({counters, numbers}) do call('PEXPIRE', key, 2 * DAY) end
call('SADD', key_open(), ticket.id)
if args.person then
  call('HSET', key_private(ticket.id), 'person', args.person)
  call('HSET', key_person(args.person), args.line, ticket.id)
  call('PEXPIRE', key_person(args.person), 2 * DAY)
end
journal('issued', {appointment = remember(ticket), ticket = image(ticket), override = args.override})
return {ticket = image(ticket), ahead = ahead(ticket)}
