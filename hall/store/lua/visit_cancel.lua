-- visit_cancel: the visit does not take place; the case gets another next step.
--
-- args    visit, next_at, next_step, texts
-- Returns {visit}
-- Errors  UNKNOWN_VISIT, UNKNOWN_CASE, CASE_CLOSED, VISIT_MOVE_NOT_LEGAL, NEXT_STEP_PAST
-- Journal visit_cancelled {visit, of}, case_next {case}
local visit = visit_of(args.visit)
check_visit(visit, 'cancel')
local case = open_case(visit.case)
check_next(args.next_at)
visit.state = 'cancelled'
tell_visit(visit, 'visit_cancelled', {}, args.texts)
case.next_at, case.next_step = args.next_at, args.next_step
tell_case(case, 'case_next', {next_at = args.next_at, step = args.next_step})
return {visit = visit_image(visit)}
