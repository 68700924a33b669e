-- undo: take back the last move at one window, within `undo_ms`, if nothing was called since.
--
-- args    window, undo_ms
-- Returns {ticket, undid}
-- Errors  NOTHING_TO_UNDO
-- Journal undone {ticket, window, undid}
local window = asked_window()
local stack = call('LRANGE', key_undo(window.id), 0, 1)
local last_move = stack[1] and cjson.decode(stack[1])
if not last_move or now > last_move['until'] then refuse('NOTHING_TO_UNDO', {window = window.id}) end
local ticket = ticket_of(last_move.ticket)
local leaves_seat = last_move.move == 'finish' or last_move.move == 'miss'
local here = leaves_seat and not window.ticket or window.ticket == ticket.id
-- Missed here, then called and missed elsewhere: that is not ours to take back.
local same_ring = last_move.move == 'call' or ticket.calls == last_move.calls
if ticket.state ~= UNDO[last_move.move] or not here or not same_ring or ticket.slip_used then
  refuse('NOTHING_TO_UNDO', {window = window.id})
end

call('LPOP', key_undo(window.id))
if last_move.move == 'finish' then call('HDEL', key_served(), window.id) end
local below = stack[2] and cjson.decode(stack[2])
window.undo = below and {move = below.move, number = below.number, ['until'] = below['until']}
for name in UNDO_FIELDS[last_move.move]:gmatch('%S+') do ticket[name] = last_move.before[name] end
ticket.state = last_move.before.state
if last_move.move == 'call' then
  window.ticket = nil
  enter(ticket)
else
  window.ticket = ticket.id
  if ticket.state == 'called' and not ticket.unanswered_at then await(ticket) end
end
call('SADD', key_open(), ticket.id)
call('PERSIST', key_private(ticket.id))
local person = call('HGET', key_private(ticket.id), 'person')
if person then call('HSETNX', key_person(person), ticket.issued_line, ticket.id) end
save(ticket)
save_window(window)
journal('undone', {ticket = image(ticket), window = window_image(window), undid = last_move.move})
return {ticket = image(ticket), undid = last_move.move}
