-- case_close: everything is done.
--
-- args    case, keep (ms), texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, ITEMS_UNFINISHED, PAPERS_HERE, VISIT_AHEAD
-- Journal case_closed {case}
local case = open_case(args.case)
local unfinished, here = 0, 0
for _, item in pairs(case.items) do
  if not ITEMS_ENDED[item.state] then unfinished = unfinished + 1 end
end
for _, paper in pairs(case.papers) do
  if not paper.back_at then here = here + 1 end
end
if unfinished > 0 then refuse('ITEMS_UNFINISHED', {count = unfinished}) end
if here > 0 then refuse('PAPERS_HERE', {count = here}) end
local visit = case.visit and call('GET', key_visit(case.visit)) -- forgotten before a case that is open for long
if visit then
  local state = cjson.decode(visit).state
  if state == 'planned' or state == 'under_way' then refuse('VISIT_AHEAD') end
end
case.state, case.closed_at, case.next_at, case.next_step = 'closed', now, nil, nil
tell_case(case, 'case_closed', {}, args.texts)
return {case = case_image(case)}
