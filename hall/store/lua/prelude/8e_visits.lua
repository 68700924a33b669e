-- Visits: one JSON string each, and a sorted set of them for each of the two officers.
local visit_written = {}
local function visit_image(visit) return visit_written[visit.id] or cjson.encode(visit) end

local function visit_of(id)
  local text = id and call('GET', key_visit(id))
  return text and cjson.decode(text) or refuse('UNKNOWN_VISIT')
end

local function check_visit(visit, move)
  if not VISIT_MOVES[move]:find(' ' .. visit.state .. ' ', 1, true) then
    refuse('VISIT_MOVE_NOT_LEGAL', {move = move, state = visit.state})
  end
end

-- Nobody is in two visits at once. Those of one officer never overlap, so the last one that begins before the end
-- of the new one tells all; a visit that is planned anew does not stand in its own way.
local function check_free(officer, starts, ends, except)
  local rows = call('ZRANGE', key_officer_visits(officer), '(' .. ends, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 2)
  for _, id in ipairs(rows) do
    if id ~= except then
      local text = call('GET', key_visit(id))
      local other = text and cjson.decode(text)
      if other and other.ends > starts then refuse('OFFICER_BUSY', {officer = officer, starts = other.starts}) end
      if other then break end
    end
  end
  local absences = call('HVALS', key_absences())
  for _, text in ipairs(absences) do
    local one = cjson.decode(text)
    if one.officer == officer and one.from < ends and starts < one.till then
      refuse('OFFICER_AWAY', {officer = officer})
    end
  end
end

local function leave_agenda(visit)
  call('ZREM', key_officer_visits(visit.centre), visit.id)
  call('ZREM', key_officer_visits(visit.near), visit.id)
end

local function save_visit(visit)
  local text = cjson.encode(visit)
  visit_written[visit.id] = text
  call('SET', key_visit(visit.id), text, 'PX', math.max(visit.ends - now, 0) + (args.keep_visits or 400 * DAY))
  call('ZADD', key_visits(), visit.starts, visit.id)
  if visit.state == 'cancelled' then
    leave_agenda(visit)
  else
    call('ZADD', key_officer_visits(visit.centre), visit.starts, visit.id)
    call('ZADD', key_officer_visits(visit.near), visit.starts, visit.id)
  end
end

local function tell_visit(visit, kind, facts, blobs)
  save_visit(visit)
  facts = facts or {}
  facts.of = visit.case
  facts.n = visit.id
  keep_story(visit.case, kind, facts, blobs)
  facts.visit = visit_image(visit)
  journal(kind, facts)
end
