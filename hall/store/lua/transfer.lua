-- transfer: send a ticket to another line, window or clerk; queue time and number stay.
--
-- args    window, ticket (or number and date) for a waiting one; line, to_window or clerk_to;
--         origin (true: it comes back here afterwards), reason
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, UNKNOWN_TICKET, MOVE_NOT_LEGAL, TARGET_CLOSED
-- Journal transferred {ticket, window, reason}
local window = asked_window()
local waits = args.ticket or args.number
local ticket = waits and named_ticket() or ticket_at(window, 'transfer')
check_move(ticket, 'transfer')
if waits and ticket.state ~= 'waiting' then
  refuse('MOVE_NOT_LEGAL', {move = 'transfer', state = ticket.state, number = ticket.number})
end
local queue = args.line or (args.to_window and '@window/' .. args.to_window) or '@clerk/' .. args.clerk_to
if reachable(queue, '') ~= queue then refuse('TARGET_CLOSED', {target = args.to_window or args.clerk_to}) end

if waits then leave(ticket) else vacate(window, ticket) end
if args.origin then ticket.origin_line, ticket.origin_window = ticket.line, window.id end
ticket.line, ticket.queue = args.line or ticket.line, queue
enter(ticket)
save(ticket)
save_window(window)
journal('transferred', {ticket = image(ticket), window = window_image(window), reason = args.reason})
return {ticket = image(ticket)}
