-- show: a display acknowledges that it showed a call.
--
-- args    ticket, calls (which ring of the ticket)
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET
-- Journal shown {ticket}, once a ring
local ticket = ticket_of(args.ticket)
if MOVES.show:find(ticket.state, 1, true) and ticket.calls == args.calls and not ticket.shown then
  ticket.shown = true
  save(ticket)
  journal('shown', {ticket = image(ticket)})
end
return {ticket = image(ticket)}
