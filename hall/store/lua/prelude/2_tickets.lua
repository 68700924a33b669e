-- Tickets: one JSON string each; reading, writing, and what may leave the store.
-- The JSON of a ticket as it was saved last; what is private has a key of its own.
local texts = {}
local function image(ticket) return texts[ticket.id] or cjson.encode(ticket) end

local function ticket_of(id)
  local text = id and call('GET', key_ticket(id))
  return text and cjson.decode(text) or refuse('UNKNOWN_TICKET', {ticket = id})
end

-- A ticket named by id, or by number and date.
local function named_ticket()
  local id = args.ticket
  if not id then id = call('HGET', key_numbers(args.date), args.number) end
  if not id then refuse('UNKNOWN_TICKET', {number = args.number}) end
  return ticket_of(id)
end

local function is_open(ticket) return OPEN[ticket.state] end

-- The last ring was answered, or is over: nobody need be told that nobody came.
local function stop_waiting_for(ticket)
  if ticket.calls then call('ZREM', key_due(), 'unanswered/' .. ticket.id .. '/' .. ticket.calls) end
end

-- Writes a ticket back; one whose state has ended leaves every index.
local function save(ticket)
  if ticket.state ~= 'called' then stop_waiting_for(ticket) end
  local text = cjson.encode(ticket)
  texts[ticket.id] = text
  if is_open(ticket) then
    call('SET', key_ticket(ticket.id), text)
    return
  end
  local life = args.keep_tickets or 2 * DAY
  call('SET', key_ticket(ticket.id), text, 'PX', life)
  call('SREM', key_open(), ticket.id)
  local person = call('HGET', key_private(ticket.id), 'person')
  if person and call('HGET', key_person(person), ticket.issued_line) == ticket.id then
    call('HDEL', key_person(person), ticket.issued_line)
  end
  call('PEXPIRE', key_private(ticket.id), life)
end

local function check_move(ticket, move)
  if not MOVES[move]:find(' ' .. ticket.state .. ' ', 1, true) then
    refuse('MOVE_NOT_LEGAL', {move = move, state = ticket.state, number = ticket.number})
  end
end
