-- issue: give a number, or check an appointment in.
--
-- args    line, letter, date, services, language, contingent (nil: none), green, group, claim, person,
--         appointment, slot, slot_date, slot_head_start, grace, early, slip, slip_head_start
-- Returns {ticket, ahead}
-- Errors  TICKET_OPEN, CONTINGENT_FULL, TOO_EARLY, APPOINTMENT_USED, SLIP_USED, STALE_CONFIG
-- Journal issued {ticket}, or checked_in {ticket} when the slot is attached to an open ticket
local checked_in = args.appointment and key_checked_in(args.slot_date)
if args.appointment then
  if now < args.slot - args.early then refuse('TOO_EARLY', {from_ = args.slot - args.early}) end
  local used = call('HGET', checked_in, args.appointment)
  if used then refuse('APPOINTMENT_USED', {number = ticket_of(used).number}) end
end

local open_id = args.person and call('HGET', key_person(args.person), args.line)
if open_id then
  local ticket = ticket_of(open_id)
  if not args.appointment or ticket.slot then refuse('TICKET_OPEN', {number = ticket.number}) end
  ticket.appointment, ticket.slot = args.appointment, args.slot
  ticket.slot_head_start, ticket.grace = args.slot_head_start, args.grace
  if ticket.state == 'waiting' then reenter(ticket) end
  save(ticket)
  call('HSET', checked_in, args.appointment, ticket.id)
  call('PEXPIRE', checked_in, 2 * DAY)
  journal('checked_in', {ticket = image(ticket)})
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
  grace = args.grace,
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
if args.appointment then
  call('HSET', checked_in, args.appointment, ticket.id)
  call('PEXPIRE', checked_in, 2 * DAY)
end
journal('issued', {ticket = image(ticket), override = args.override})
return {ticket = image(ticket), ahead = ahead(ticket)}
