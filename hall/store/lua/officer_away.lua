-- officer_away: an officer is absent for a while; or not, after all. Visits in that time need a substitute.
--
-- args    officer, absence (its id), from, till (ms); back: true to take it back
-- Returns {absence}
-- Errors  UNKNOWN_OFFICER
-- Journal officer_away, officer_back {officer, absence, from, till}
if args.back then
  local text = call('HGET', key_absences(), args.absence)
  if not text then refuse('UNKNOWN_OFFICER', {officer = args.officer}) end
  call('HDEL', key_absences(), args.absence)
  journal('officer_back', {officer = cjson.decode(text).officer, absence = args.absence})
  return {absence = args.absence}
end
local absence = {officer = args.officer, from = args.from, till = args.till}
call('HSET', key_absences(), args.absence, cjson.encode(absence))
journal('officer_away', {officer = args.officer, absence = args.absence, from = args.from, till = args.till})
return {absence = args.absence}
