-- issue: give a number, or check an appointment in.
--
-- args    line, letter, date, services, language, contingent (nil: none), green, group, claim, person,
--         appointment, slot_head_start, grace, early, slip, slip_head_start, record (of a person with a phone),
--         notice (true: wants to be told when the call is near), slot, slot_date,
--         wait_low, wait_high (minutes, the wait that is shown; nil: unknown)
-- Returns {ticket, ahead}
-- Errors  TICKET_OPEN, CONTINGENT_FULL, UNKNOWN_APPOINTMENT, TOO_EARLY, APPOINTMENT_USED, APPOINTMENT_CANCELLED,
--         APPOINTMENT_OVER, SERVICES_MIXED (booked for another line), SLIP_USED, STALE_CONFIG
-- Journal issued {ticket, appointment}, or checked_in {ticket, appointment} when the slot is attached to an open ticket
local appointment = args.appointment and not args.slot and arriving(args.appointment, args.date, args.early) or nil
if appointment then
  if appointment.line ~= args.line then refuse('SERVICES_MIXED') end
  args.slot = appointment.slot
end
local checked_in = args.appointment and not appointment and key_checked_in(args.slot_date)
if checked_in then
  if now < args.slot - args.early then refuse('TOO_EARLY', {from_ = args.slot - args.early}) end
  local used = call('HGET', checked_in, args.appointment)
  if used then refuse('APPOINTMENT_USED', {number = ticket_of(used).number}) end
end

-- What the store keeps beside the ticket: whose it is, for those who are told when the call is near.
local function remember(ticket)
  local record = args.record and keep_person(args.record) or appointment and appointment.person
  if record then call('HSET', key_private(ticket.id), 'record', record) end
  if checked_in then call('HSET', checked_in, args.appointment, ticket.id) end
  if checked_in then call('PEXPIRE', checked_in, 2 * DAY) end
  if appointment then arrive(appointment, ticket) end
end

local open_id = args.person and call('HGET', key_person(args.person), args.line)
if open_id then
  local ticket = ticket_of(open_id)
  if not args.appointment or ticket.slot then refuse('TICKET_OPEN', {number = ticket.number}) end
  ticket.appointment, ticket.slot = args.appointment, args.slot
  ticket.slot_head_start, ticket.grace, ticket.notice = args.slot_head_start, args.grace, args.notice or ticket.notice
  if ticket.state == 'waiting' then reenter(ticket) end
  save(ticket)
  remember(ticket)
  journal('checked_in', {ticket = image(ticket), appointment = appointment and appointment_image(appointment)})
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
  appointment = args.appointment, slot = args.slot, slot_head_start = args.slot_head_start,
  grace = args.grace, notice = args.notice, wait_low = args.wait_low, wait_high = args.wait_high,
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
remember(ticket)
journal('issued', {
  ticket = image(ticket), appointment = appointment and appointment_image(appointment), override = args.override,
})
return {ticket = image(ticket), ahead = ahead(ticket)}
