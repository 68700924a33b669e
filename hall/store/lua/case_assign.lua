-- case_assign: another officer looks after a case from now on; the reason is among the texts.
--
-- args    case, owner, texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, SAME_OFFICER
-- Journal case_assigned {case, was}
local case = open_case(args.case)
local was = case.owner
if was == args.owner then refuse('SAME_OFFICER', {officer = was}) end
case.owner, case.assigned_at = args.owner, now
tell_case(case, 'case_assigned', {was = was, owner = args.owner}, args.texts)
return {case = case_image(case)}
