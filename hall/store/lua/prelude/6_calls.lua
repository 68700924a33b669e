-- Calls: seating, ringing, finishing.
-- After walking time without a start the console offers "did not come".
local function await(ticket)
  local walk = ticket.green and args.walk_green_ms or args.walk_ms
  call('ZADD', key_due(), now + walk, 'unanswered/' .. ticket.id .. '/' .. ticket.calls)
end

-- Every kind of call ends here: the ticket is at the window and the number is shown.
local function ring(window, ticket, kind, facts)
  stop_waiting_for(ticket)
  ticket.calls, ticket.rang_at, ticket.shown, ticket.unanswered_at = (ticket.calls or 0) + 1, now, nil, nil
  save(ticket)
  save_window(window)
  facts.ticket, facts.window = image(ticket), window_image(window)
  local id = journal(kind, facts)
  local one = cjson.encode({
    id = id, ticket = ticket.id, calls = ticket.calls, number = ticket.number, window = window.id, at = now, kind = kind,
  })
  call('LPUSH', key_calls(), one)
  call('LTRIM', key_calls(), 0, 29)
  call('HSET', key_rings(), window.id, one)
  await(ticket)
end

-- The ticket comes to the window.
local function seat(window, ticket, rule, facts)
  if rule == 'unparked' then forget_undo(window) else undoable(window, 'call', ticket) end
  leave(ticket)
  ticket.state, ticket.window, ticket.clerk = 'called', window.id, window.clerk
  ticket.called_at, ticket.rule, ticket.started_at = now, rule, nil
  window.ticket = ticket.id
  facts.rule, facts.queue_time, facts.arrived = rule, ticket.queue_time, ticket.arrived
  ring(window, ticket, 'called', facts)
end

-- A ticket's service ends, or goes back to where it was sent from.
local function finish(window, how)
  local ticket = ticket_at(window, 'finish')
  local _, queue_time = standing(ticket)
  undoable(window, 'finish', ticket)
  ticket.services = how.services or ticket.services
  window.ticket = nil
  if ticket.origin_line then
    ticket.line, ticket.queue = ticket.origin_line, '@window/' .. ticket.origin_window
    ticket.origin_line, ticket.origin_window = nil, nil
    vacate(window, ticket)
    enter(ticket)
  else
    ticket.state, ticket.ended_at, ticket.outcome = 'done', now, how.outcome
    if how.outcome == 'papers_missing' then ticket.slip_time = queue_time end
    call('HSET', key_served(), window.id, cjson.encode({ticket = ticket.id, at = now}))
  end
  save(ticket)
  save_window(window)
  local kind = ticket.state == 'done' and 'finished' or 'sent_back'
  journal(kind, {ticket = image(ticket), window = window_image(window), outcome = how.outcome})
  return ticket
end

-- Sends the tickets of a private queue to their lines.
local function dissolve(queue)
  for _, set in ipairs(SETS) do
    for _, id in ipairs(call('ZRANGE', key_queue(queue, set), 0, -1)) do
      local ticket = ticket_of(id)
      leave(ticket)
      ticket.queue = ticket.line
      enter(ticket)
      save(ticket)
      journal('readdressed', {ticket = image(ticket)})
    end
  end
end

-- Nobody sits there any more. What is addressed to the clerk follows to the new seat, if there is one.
local function shut(window, clerk_moves, reason)
  local clerk = window.clerk
  window.state, window.since, window.clerk, window.passed = 'closed', now, nil, nil
  forget_undo(window)
  save_window(window)
  if clerk then call('HDEL', key_clerks(), clerk) end
  journal('window_closed', {window = window_image(window), reason = reason})
  dissolve('@window/' .. window.id)
  if clerk and not clerk_moves then dissolve('@clerk/' .. clerk) end
end
