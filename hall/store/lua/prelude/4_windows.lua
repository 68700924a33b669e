-- Windows: who sits there, which ticket is there, what may be taken back.
local function window_of(id)
  local text = call('HGET', keys.windows(), id)
  return text and cjson.decode(text) or {id = id, state = 'closed', since = now, undo = {}, passed = {}}
end

local function save_window(window) call('HSET', keys.windows(), window.id, cjson.encode(window)) end

local function window_image(window)
  local copy = {id = window.id, state = window.state, since = window.since, clerk = window.clerk, ticket = window.ticket}
  local top = window.undo[#window.undo]
  if top then copy.undo = {move = top.move, number = top.number, ['until'] = top.at + args.undo_ms} end
  return copy
end

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

-- Remembers how a ticket stood before a move that may be taken back.
local function undoable(window, move, ticket)
  local before = {state = ticket.state}
  for _, name in ipairs(UNDO_FIELDS) do before[name] = ticket[name] end
  local entry = {move = move, ticket = ticket.id, number = ticket.number, at = now, before = before}
  window.undo[#window.undo + 1] = entry
  if #window.undo > 3 then table.remove(window.undo, 1) end
end

local function vacate(window, ticket)
  window.ticket, ticket.window, ticket.clerk = nil, nil, nil
  window.undo = {}
end

-- A closed window opens with its clerk.
local function open_for(window, clerk)
  if window.state ~= 'closed' then return end
  local seat = clerk and call('HGET', keys.clerks(), clerk)
  if seat and seat ~= window.id then refuse('CLERK_ELSEWHERE', {window = seat}) end
  window.state, window.since, window.clerk = 'open', now, clerk
  if clerk then call('HSET', keys.clerks(), clerk, window.id) end
  save_window(window)
  journal('window_opened', {window = window_image(window)})
end
