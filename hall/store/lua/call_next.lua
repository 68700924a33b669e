-- call_next: bring the ticket that is first by the rule to one window; with `finish`, end the
-- present one in the same step. A closed window opens with it.
--
-- args    window, kind (general, priority), queues (its lines), guards {line: general windows that
--         serve it}, clerk, finish {outcome, services} or nil
-- Returns {ticket, finished}, either may be missing
-- Errors  WINDOW_BUSY, WINDOW_PAUSED, WINDOW_EMPTY, MOVE_NOT_LEGAL, CLERK_ELSEWHERE, STALE_CONFIG
-- Journal finished | sent_back, window_opened, slot_due…, called {ticket, window, rule, queue_time, arrived, queues,
--         skipped (ids it passed over)}
local window, finished
if args.finish then
  window = asked_window()
  if window.state == 'paused' then refuse('WINDOW_PAUSED', {window = window.id}) end
  finished = finish(window, args.finish)
else
  window = free_window()
end
open_for(window, args.clerk)
local queues = served_by(window)
for _, queue in ipairs(queues) do drain(queue) end

-- What this window returned itself within five minutes waits for others, unless nobody else is there.
local skipped = passed_over(window)
local best, rule = pick(queues, skipped)
if not best then
  skipped = {}
  best, rule = pick(queues, skipped)
end
if not best then
  return {finished = finished and image(finished)}
end
local ticket = ticket_of(best.id)
seat(window, ticket, rule, {queues = queues, skipped = #skipped > 0 and {unpack(skipped)} or nil})
return {ticket = image(ticket), finished = finished and image(finished)}
