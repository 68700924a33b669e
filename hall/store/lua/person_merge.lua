-- person_merge: an officer decides that the person of a case is one who has a record already; or not, after all. Both
-- records stay as they are, so that this can be taken back; whoever reads one person reads what is known of both.
--
-- args    case, into (the id of the record that was there first); back: true to take it back; texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, UNKNOWN_PERSON, SAME_PERSON
-- Journal case_merged, case_parted {case, into}
local case = open_case(args.case)
local person = case.person
local was = call('HGET', key_same(), person)
if args.back then
  if not was then refuse('UNKNOWN_PERSON') end
  call('HDEL', key_same(), person)
  tell_case(case, 'case_parted', {into = was}, args.texts)
  return {case = case_image(case)}
end
if call('EXISTS', key_record(args.into)) == 0 or call('EXISTS', key_record(person)) == 0 then refuse('UNKNOWN_PERSON') end
-- No circle: the way from the record that stays must not lead back here.
local root = args.into
while call('HGET', key_same(), root) do root = call('HGET', key_same(), root) end
if was or root == person then refuse('SAME_PERSON') end
call('HSET', key_same(), person, root)
tell_case(case, 'case_merged', {into = root}, args.texts)
return {case = case_image(case)}
