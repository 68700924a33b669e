-- park: the person must fetch something; the ticket waits beside the queue and is called by hand.
--
-- args    window
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal parked {ticket, window}
local window = asked_window()
local ticket = ticket_at(window, 'park')
vacate(window, ticket)
ticket.state, ticket.window = 'parked', window.id
save(ticket)
save_window(window)
journal('parked', {ticket = image(ticket), window = window_image(window)})
return {ticket = image(ticket)}
