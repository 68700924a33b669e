-- return: the clerk cannot serve the ticket now; it goes back to its place.
--
-- args    window, pass_over (ms)
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal returned {ticket, window}
local window = asked_window()
local ticket = ticket_at(window, 'return')
vacate(window, ticket)
-- Otherwise it would be this window's next pick again.
window.passed = window.passed or {}
window.passed[ticket.id] = now + args.pass_over
enter(ticket)
save(ticket)
save_window(window)
journal('returned', {ticket = image(ticket), window = window_image(window)})
return {ticket = image(ticket)}
