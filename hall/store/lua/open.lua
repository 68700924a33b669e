-- open: a clerk sits down at a window. Who sits elsewhere, or where another clerk sits, is told so;
-- with `take_over` the old seat is given up and a ticket left there goes back to its place.
--
-- args    window, clerk (nil for programs), take_over, pass_over, reason
-- Returns {window}
-- Errors  WINDOW_TAKEN, CLERK_ELSEWHERE
-- Journal returned, window_closed (the old seat), window_opened {window, reason}
local window, clerk = window_of(args.window), args.clerk
local taken = window.state ~= 'closed' and window.clerk and window.clerk ~= clerk
if taken and not args.take_over then refuse('WINDOW_TAKEN', {window = window.id, clerk = window.clerk}) end
local seat_id = clerk and call('HGET', key_clerks(), clerk)
local old = seat_id and seat_id ~= window.id and window_of(seat_id)
if old and not args.take_over then refuse('CLERK_ELSEWHERE', {window = old.id}) end

if old then
  if old.ticket then
    local ticket = ticket_of(old.ticket)
    vacate(old, ticket)
    enter(ticket)
    save(ticket)
    journal('returned', {ticket = image(ticket), window = window_image(old), reason = 'take_over'})
  end
  shut(old, true)
end
if window.clerk and window.clerk ~= clerk then
  call('HDEL', key_clerks(), window.clerk)
  dissolve('@clerk/' .. window.clerk)
end
if window.state ~= 'open' or window.clerk ~= clerk then
  window.state, window.since, window.clerk = 'open', now, clerk
  if clerk then call('HSET', key_clerks(), clerk, window.id) end
  save_window(window)
  journal('window_opened', {window = window_image(window), reason = args.reason})
end
return {window = window_image(window)}
