-- visit_plan: two officers will go to somebody; or the same visit at another time, or with a substitute.
--
-- args    case, visit (nil: a new one), centre, near, starts, ends, community, texts
-- Returns {visit}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, NO_VISIT, VISIT_AHEAD, UNKNOWN_VISIT, VISIT_MOVE_NOT_LEGAL, OFFICER_BUSY,
--         OFFICER_AWAY, NEXT_STEP_PAST
-- Journal visit_planned, visit_changed {visit, of}; case_next {case} when it is the next step
local visit = args.visit and visit_of(args.visit)
if visit then check_visit(visit, 'replan') end
local case = open_case(visit and visit.case or args.case)
if case.kind ~= 'home_visit' then refuse('NO_VISIT') end
local last = not visit and case.visit and call('GET', key_visit(case.visit)) -- forgotten before a case that is open for long
if last then
  local state = cjson.decode(last).state
  if state == 'planned' or state == 'under_way' then refuse('VISIT_AHEAD') end
end
check_next(args.starts)
check_free(args.centre, args.starts, args.ends, args.visit)
check_free(args.near, args.starts, args.ends, args.visit)
local kind = visit and 'visit_changed' or 'visit_planned'
if visit then leave_agenda(visit) end
visit = visit or {id = string.format('%010d', call('HINCRBY', HALL, 'visits', 1)), case = case.id, state = 'planned'}
visit.centre, visit.near, visit.community = args.centre, args.near, args.community
visit.starts, visit.ends, visit.device = args.starts, args.ends, nil
tell_visit(visit, kind, {starts = args.starts}, args.texts)
case.visit, case.next_at, case.next_step = visit.id, args.starts, 'visit'
tell_case(case, 'case_next', {next_at = args.starts, step = 'visit'})
return {visit = visit_image(visit)}
