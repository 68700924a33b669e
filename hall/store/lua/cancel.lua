-- cancel: the resident gives up the place.
--
-- args    ticket, or number and date
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL
-- Journal cancelled {ticket, window}
local ticket = named_ticket()
check_move(ticket, 'cancel')
local window
if ticket.state == 'called' then
  window = window_of(ticket.window)
  vacate(window, ticket)
  save_window(window)
end
if ticket.state == 'waiting' then leave(ticket) end
ticket.state, ticket.ended_at = 'cancelled', now
save(ticket)
journal('cancelled', {ticket = image(ticket), window = window and window_image(window)})
return {ticket = image(ticket)}
