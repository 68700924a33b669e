-- start: the person has come to the window.
--
-- args    window
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal started {ticket, window}
local window = asked_window()
local ticket = ticket_at(window, 'start')
undoable(window, 'start', ticket)
ticket.state, ticket.started_at, ticket.unanswered_at = 'serving', now, nil
save(ticket)
save_window(window)
journal('started', {ticket = image(ticket), window = window_image(window)})
return {ticket = image(ticket)}
