-- Windows: who sits there, which ticket is there, what may be taken back.
local function window_of(id)
  local text = call('HGET', key_windows(), id)
  return text and cjson.decode(text) or {id = id, state = 'closed', since = now}
end

local window_texts = {}
local function save_window(window)
  window_texts[window.id] = cjson.encode(window)
  call('HSET', key_windows(), window.id, window_texts[window.id])
end
local function window_image(window) return window_texts[window.id] or cjson.encode(window) end

-- The ticket at a window, for a move that must be legal.
local function ticket_at(window, move)
  if not window.ticket then refuse('WINDOW_EMPTY', {window = window.id}) end
  local ticket = ticket_of(window.ticket)
  check_move(ticket, move)
  return ticket
end

-- The window asked for; a clerk moves only where they sit. Programs and managers have no seat.
local function asked_window()
  local window = window_of(args.window)
  if args.clerk and window.clerk and window.clerk ~= args.clerk then
    refuse('WINDOW_TAKEN', {window = window.id, clerk = window.clerk})
  end
  return window
end

local function free_window()
  local window = asked_window()
  if window.ticket then
    refuse('WINDOW_BUSY', {window = window.id, number = ticket_of(window.ticket).number})
  end
  if window.state == 'paused' then refuse('WINDOW_PAUSED', {window = window.id}) end
  return window
end

-- Remembers how a ticket stood before a move that may be taken back; `undo` on the window says so.
local function undoable(window, move, ticket)
  local before = {state = ticket.state}
  for name in UNDO_FIELDS[move]:gmatch('%S+') do before[name] = ticket[name] end
  local top = {move = move, ticket = ticket.id, number = ticket.number, calls = ticket.calls, before = before}
  top['until'] = now + args.undo_ms
  call('LPUSH', key_undo(window.id), cjson.encode(top))
  call('LTRIM', key_undo(window.id), 0, 2)
  window.undo = {move = move, number = ticket.number, ['until'] = top['until']}
end

local function forget_undo(window)
  if window.undo then call('DEL', key_undo(window.id)) end
  window.undo = nil
end

-- The ticket goes on elsewhere. Whoever was served here until now must not rate the one before them.
local function vacate(window, ticket)
  if ticket.started_at then call('HDEL', key_served(), window.id) end
  window.ticket, ticket.window, ticket.clerk = nil, nil, nil
  forget_undo(window)
end

-- A closed window opens with its clerk.
local function open_for(window, clerk)
  if window.state ~= 'closed' then return end
  local seat = clerk and call('HGET', key_clerks(), clerk)
  if seat and seat ~= window.id then refuse('CLERK_ELSEWHERE', {window = seat}) end
  window.state, window.since, window.clerk = 'open', now, clerk
  if clerk then call('HSET', key_clerks(), clerk, window.id) end
  save_window(window)
  journal('window_opened', {window = window_image(window)})
end
