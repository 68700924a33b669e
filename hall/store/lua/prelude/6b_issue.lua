-- Issuing: what taking a number and checking in share.
-- The person's open ticket in the line.
local function open_ticket()
  local id = args.person and call('HGET', key_person(args.person), args.line)
  return id and ticket_of(id)
end

local function usable_slip()
  local slip = args.slip and ticket_of(args.slip)
  if slip and (slip.outcome ~= 'papers_missing' or slip.date ~= args.date or slip.slip_used) then refuse('SLIP_USED') end
  return slip
end

local function check_contingent()
  local given = tonumber(call('HGET', key_counters(args.date), args.line) or 0)
  if args.contingent and given >= args.contingent then refuse('CONTINGENT_FULL', {line = args.line}) end
end

-- The next number of the line, standing nowhere yet.
local function new_ticket(slip)
  local counters = key_counters(args.date)
  local ticket = {
    id = string.format('%010d', call('HINCRBY', HALL, 'sequence', 1)),
    number = string.format('%s%03d', args.letter, call('HINCRBY', counters, args.line, 1)),
    date = args.date, line = args.line, issued_line = args.line, queue = args.line, services = args.services,
    arrived = now, issued_at = now, language = args.language, green = args.green, group = args.group,
    claim = args.claim, notice = args.notice, wait_low = args.wait_low, wait_high = args.wait_high,
  }
  call('PEXPIRE', counters, 2 * DAY)
  if slip then
    slip.slip_used, ticket.slip_of = true, slip.id
    -- A missing paper does not send you to the end: the old place, but never more than a green head start.
    -- It is a head start as the others are, so that a refused claim leaves it and no two of them add up.
    if slip.line == args.line then
      ticket.slip = math.max(0, math.min(now - slip.slip_time, args.slip_head_start))
    end
    save(slip)
  end
  return ticket
end

-- A new ticket takes its place, and is found by its number and its person.
local function admit(ticket)
  enter(ticket)
  save(ticket)
  local numbers = key_numbers(args.date)
  call('HSET', numbers, ticket.number, ticket.id)
  call('PEXPIRE', numbers, 2 * DAY)
  call('SADD', key_open(), ticket.id)
  if args.person then
    call('HSET', key_private(ticket.id), 'person', args.person)
    call('HSET', key_person(args.person), args.line, ticket.id)
    call('PEXPIRE', key_person(args.person), 2 * DAY)
  end
end
