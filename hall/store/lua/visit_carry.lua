-- visit_carry: a device takes a visit along; from now on only its actions count.
--
-- args    visit, device
-- Returns {visit}
-- Errors  UNKNOWN_VISIT, VISIT_MOVE_NOT_LEGAL, VISIT_ELSEWHERE
-- Journal visit_carried {visit, of, device}
local visit = visit_of(args.visit)
check_visit(visit, 'carry')
if visit.device and visit.device ~= args.device then refuse('VISIT_ELSEWHERE') end
if not visit.device then
  visit.device = args.device
  tell_visit(visit, 'visit_carried', {device = args.device})
end
return {visit = visit_image(visit)}
