-- call: bring a chosen waiting ticket to one window.
--
-- args    window, clerk, number and date (or ticket), reason
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL, WINDOW_BUSY, WINDOW_PAUSED
-- Journal window_opened, called {ticket, window, rule = chosen, reason, queue_time, arrived}
local window, ticket = free_window(), named_ticket()
check_move(ticket, 'call')
open_for(window, args.clerk)
drain(ticket.queue)
ticket = ticket_of(ticket.id)
seat(window, ticket, 'chosen', {reason = args.reason})
return {ticket = image(ticket)}
