-- erase_person: the record goes, and with its key every copy of it becomes unreadable; what cases say of them goes too.
-- Appointments and cases stay, as somebody's whom nobody knows.
--
-- args    person, why, before (ms: only if nobody needed the record since, and no case is kept; nil: in any case)
-- Returns {person, kept (it is needed still)}
-- Errors  UNKNOWN_PERSON
-- Journal person_erased {person, why}
if call('EXISTS', key_record(args.person)) == 0 then refuse('UNKNOWN_PERSON') end
local cases = call('SMEMBERS', key_cases_of(args.person))
if args.before then
  local needed = tonumber(call('ZSCORE', key_people(), args.person) or now) >= args.before
    or call('ZCOUNT', key_bookings(args.person), args.before, '+inf') > 0
  -- Whoever was merged with this record has one that is kept still.
  for _, root in ipairs(call('HVALS', key_same())) do needed = needed or root == args.person end
  for _, id in ipairs(cases) do needed = needed or call('EXISTS', key_case(id)) == 1 end
  if needed then return {person = args.person, kept = true} end
end
forget_finds(args.person)
for _, id in ipairs(cases) do call('DEL', key_case_texts(id)) end
call('DEL', key_record(args.person), key_bookings(args.person), key_no_shows(args.person), key_cases_of(args.person))
call('ZREM', key_people(), args.person)
call('HDEL', key_same(), args.person)
journal('person_erased', {person = args.person, why = args.why})
return {person = args.person, kept = false}
