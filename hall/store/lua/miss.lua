-- miss: the person called did not come.
--
-- args    window
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal missed {ticket, window}
local window = asked_window()
local ticket = ticket_at(window, 'miss')
undoable(window, 'miss', ticket)
ticket.state, ticket.missed_at = 'missed', now
window.ticket = nil
save(ticket)
save_window(window)
journal('missed', {ticket = image(ticket), window = window_image(window)})
return {ticket = image(ticket)}
