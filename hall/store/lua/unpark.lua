-- unpark: call a parked ticket: at its window, or at any when that is closed.
--
-- args    window, clerk, number and date (or ticket)
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL, WINDOW_BUSY, WINDOW_PAUSED, WINDOW_TAKEN
-- Journal window_opened, called {ticket, window, rule = unparked}
local window, ticket = free_window(), named_ticket()
check_move(ticket, 'unpark')
if ticket.window ~= window.id and window_of(ticket.window).state ~= 'closed' then
  refuse('WINDOW_TAKEN', {window = ticket.window})
end
open_for(window, args.clerk)
seat(window, ticket, 'unparked', {})
return {ticket = image(ticket)}
