-- Cases: one JSON string each. What may tell of somebody is ciphertext, in a hash beside it; what happened, in a list.
local case_written = {}
local function case_image(case) return case_written[case.id] or cjson.encode(case) end

local function case_of(id)
  local text = id and call('GET', key_case(id))
  return text and cjson.decode(text) or refuse('UNKNOWN_CASE')
end

local function open_case(id)
  local case = case_of(id)
  if case.state ~= 'open' then refuse('CASE_CLOSED') end
  return case
end

local function save_case(case)
  local id, text = case.id, cjson.encode(case)
  case_written[id] = text
  if case.state == 'open' then
    if not (case.owner and case.next_at) then error('an open case needs an owner and a next date') end
    call('ZADD', key_cases_open(), case.next_at, id)
    call('SET', key_case(id), text)
    return
  end
  call('ZREM', key_cases_open(), id)
  call('SET', key_case(id), text, 'PX', args.keep)
  call('PEXPIRE', key_case_texts(id), args.keep)
  call('PEXPIRE', key_case_story(id), args.keep)
end

-- What happened goes to the case's own story and to the journal; texts are kept under its place in the story.
local function keep_story(id, kind, facts, blobs)
  local told = {kind = kind, at = now, by = request.by}
  for name, value in pairs(facts) do told[name] = value end
  local place = call('LLEN', key_case_story(id)) + 1
  for name, blob in pairs(blobs or {}) do call('HSET', key_case_texts(id), place .. '/' .. name, blob) end
  call('RPUSH', key_case_story(id), cjson.encode(told))
end

local function tell_case(case, kind, facts, blobs)
  save_case(case)
  facts = facts or {}
  keep_story(case.id, kind, facts, blobs)
  facts.case = case_image(case)
  journal(kind, facts)
end

-- Who looks after a case, and when something is due next, are never unknown.
local function check_next(at)
  if at <= now then refuse('NEXT_STEP_PAST', {at = at}) end
end

local function add_items(case, items)
  local numbers = {}
  for _, one in ipairs(items) do
    case.item_count = (case.item_count or 0) + 1
    local number = tostring(case.item_count)
    case.items[number] = {
      item = one.item, bundle = one.bundle, state = 'opened', since = now, opened_at = now, how = one.how,
      due = one.hours and now + one.hours * 60 * MINUTE or nil,
    }
    numbers[#numbers + 1] = number
  end
  return table.concat(numbers, ',')
end

local function case_item(case, number)
  return case.items[number] or refuse('UNKNOWN_ITEM', {item = number})
end

-- The moves of an item one after the other, each an entry of its own. `how` = help: the person is there, 帮办.
local function move_item(case, wanted, blobs)
  local item = case_item(case, wanted.item)
  local state, how = item.state, wanted.how or item.how
  for _, move in ipairs(wanted.moves) do
    local rule = ITEM_MOVES[move]
    if not rule or not rule.from:find(' ' .. state .. ' ', 1, true) then
      refuse('ITEM_MOVE_NOT_LEGAL', {move = move, state = state, item = item.item})
    end
    if move == 'submit' and how ~= 'help' and not case.authorised then
      refuse('AUTHORISATION_MISSING', {item = item.item})
    end
    state = rule.to
  end
  item.how = how
  for _, move in ipairs(wanted.moves) do
    local was = item.state
    item.state, item.since, item.outcome = ITEM_MOVES[move].to, now, wanted.outcome or item.outcome
    tell_case(case, 'case_item_moved', {
      n = wanted.item, item = item.item, move = move, from = was, to = item.state, how = how, outcome = item.outcome,
      done_at = wanted.at, ticket = nil,
    }, blobs)
  end
end

local function take_paper(case, wanted, blobs)
  case.paper_count = (case.paper_count or 0) + 1
  local number = tostring(case.paper_count)
  case.papers[number] = {paper = wanted.paper, original = wanted.original, in_at = now, item = wanted.item}
  tell_case(case, 'case_paper_in', {n = number, paper = wanted.paper, done_at = wanted.at}, blobs)
  return number
end

local function give_paper(case, wanted, blobs)
  local paper = case.papers[wanted.n]
  if not paper or paper.back_at then refuse('UNKNOWN_PAPER', {paper = wanted.n}) end
  paper.back_at = now
  tell_case(case, 'case_paper_back', {n = wanted.n, paper = paper.paper, done_at = wanted.at}, blobs)
end

local function authorise(case, wanted, blobs)
  case.authorised = {at = now, how = wanted.how}
  tell_case(case, 'case_authorised', {how = wanted.how, done_at = wanted.at}, blobs)
end
