-- Tickets: one JSON string each; reading, writing, and what may leave the store.
local function image(ticket)
  local copy = {}
  for name, value in pairs(ticket) do copy[name] = value end
  for _, name in ipairs(PRIVATE) do copy[name] = nil end
  return copy
end

local function ticket_of(id)
  local text = id and call('GET', keys.ticket(id))
  return text and cjson.decode(text) or refuse('UNKNOWN_TICKET', {ticket = id})
end

-- A ticket named by id, or by number and date.
local function named_ticket()
  local id = args.ticket
  if not id then id = call('HGET', keys.numbers(args.date), args.number) end
  if not id then refuse('UNKNOWN_TICKET', {number = args.number}) end
  return ticket_of(id)
end

local function is_open(ticket) return OPEN[ticket.state] end

-- Writes a ticket back; one whose state has ended leaves every index.
local function save(ticket)
  if is_open(ticket) then
    call('SET', keys.ticket(ticket.id), cjson.encode(ticket))
    return
  end
  call('SET', keys.ticket(ticket.id), cjson.encode(ticket), 'PX', 2 * DAY)
  call('SREM', keys.open(), ticket.id)
  if ticket.person and call('HGET', keys.person(ticket.person), ticket.issued_line) == ticket.id then
    call('HDEL', keys.person(ticket.person), ticket.issued_line)
  end
end

local function check_move(ticket, move)
  if not MOVES[move].from[ticket.state] then
    refuse('MOVE_NOT_LEGAL', {move = move, state = ticket.state, number = ticket.number})
  end
end
