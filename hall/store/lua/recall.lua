-- recall: ring again for the ticket called to one window.
--
-- args    window
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal recalled {ticket, window}
local window = asked_window()
local ticket = ticket_at(window, 'recall')
ring(window, ticket, 'recalled', {})
return {ticket = image(ticket)}
