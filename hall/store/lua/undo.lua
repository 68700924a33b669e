-- undo: take back the last move at one window, within `undo_ms`, if nothing was called since.
--
-- args    window, undo_ms
-- Returns {ticket, undid}
-- Errors  NOTHING_TO_UNDO
-- Journal undone {ticket, window, undid}
local window = asked_window()
local last_move = window.undo[#window.undo]
if not last_move or now - last_move.at > args.undo_ms then refuse('NOTHING_TO_UNDO', {window = window.id}) end
local ticket = ticket_of(last_move.ticket)
local leaves_seat = last_move.move == 'finish' or last_move.move == 'miss'
local here = leaves_seat and not window.ticket or window.ticket == ticket.id
if ticket.state ~= UNDO[last_move.move] or not here or ticket.slip_used then
  refuse('NOTHING_TO_UNDO', {window = window.id})
end

table.remove(window.undo)
for _, name in ipairs(UNDO_FIELDS) do ticket[name] = last_move.before[name] end
ticket.state = last_move.before.state
if last_move.move == 'call' then
  window.ticket = nil
  enter(ticket)
else
  window.ticket = ticket.id
end
call('SADD', keys.open(), ticket.id)
if ticket.person then call('HSETNX', keys.person(ticket.person), ticket.issued_line, ticket.id) end
save(ticket)
save_window(window)
journal('undone', {ticket = image(ticket), window = window_image(window), undid = last_move.move})
return {ticket = image(ticket), undid = last_move.move}
