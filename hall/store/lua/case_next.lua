-- case_next: what is done next, and when.
--
-- args    case, next_at, next_step, texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, NEXT_STEP_PAST
-- Journal case_next {case}
local case = open_case(args.case)
check_next(args.next_at)
case.next_at, case.next_step = args.next_at, args.next_step
tell_case(case, 'case_next', {next_at = args.next_at, step = args.next_step}, args.texts)
return {case = case_image(case)}
