-- What officers did on a doorstep, perhaps without a network: one action after the other.
local function of_device(visit, device)
  if visit.device ~= device then refuse('VISIT_ELSEWHERE') end
end

local DOORSTEP = {
  arrive = function(visit, action)
    check_visit(visit, 'arrive')
    visit.state, visit.arrived_at = 'under_way', action.at
    tell_visit(visit, 'visit_arrived', {done_at = action.at}, action.texts)
  end,
  leave = function(visit, action)
    check_visit(visit, 'leave')
    visit.state, visit.left_at, visit.outcome = action.met and 'done' or 'not_met', action.at, action.outcome
    tell_visit(visit, 'visit_left', {done_at = action.at, outcome = action.outcome}, action.texts)
  end,
  item = function(visit, action) move_item(open_case(visit.case), action, action.texts) end,
  add = function(visit, action)
    local case = open_case(visit.case)
    local added = add_items(case, action.items)
    tell_case(case, 'case_items_added', {items = added, done_at = action.at})
  end,
  paper_in = function(visit, action) take_paper(open_case(visit.case), action, action.texts) end,
  paper_back = function(visit, action) give_paper(open_case(visit.case), action, action.texts) end,
  authorise = function(visit, action) authorise(open_case(visit.case), action, action.texts) end,
  note = function(visit, action)
    tell_case(open_case(visit.case), 'case_noted', {done_at = action.at}, action.texts)
  end,
  photo = function(visit, action)
    tell_case(open_case(visit.case), 'case_noted', {photo = true, done_at = action.at}, action.texts)
  end,
}

local function act(device, action)
  if action.refused then refuse(action.refused) end
  local visit = visit_of(action.visit)
  of_device(visit, device)
  DOORSTEP[action.move](visit, action)
end

-- A refused action stays visible, whole, until somebody settles it.
local function keep_conflict(device, sequence, action, why)
  local name = device .. '/' .. sequence
  local conflict = {
    id = name, device = device, sequence = sequence, visit = action.visit, move = action.move, code = why.refusal,
    facts = cjson.encode(why.facts), action = action,
  }
  call('HSET', key_conflicts(), name, cjson.encode(conflict))
  journal('doorstep_refused', {device = device, sequence = sequence, of = action.visit, move = action.move, code = why.refusal})
end
