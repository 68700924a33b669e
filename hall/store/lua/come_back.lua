-- come_back: a person who missed the call is here after all.
--
-- args    ticket, or number and date; within, shift (ms)
-- Returns {ticket, ahead}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL
-- Journal came_back {ticket}
local ticket = named_ticket()
check_move(ticket, 'come_back')
local shown = ticket.shown and 1 or 0
if now - ticket.missed_at <= args.within and (ticket.comebacks or 0) == 0 then
  -- A call no display ever showed is not the resident's fault: it costs nothing.
  ticket.shift = (ticket.shift or 0) + args.shift * shown
else
  ticket.arrived, ticket.shift, ticket.slip = now, nil, nil
end
ticket.comebacks = (ticket.comebacks or 0) + shown
ticket.window, ticket.clerk, ticket.missed_at = nil, nil, nil
enter(ticket)
save(ticket)
journal('came_back', {ticket = image(ticket)})
return {ticket = image(ticket), ahead = ahead(ticket)}
