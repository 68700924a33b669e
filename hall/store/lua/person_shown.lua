-- person_shown: somebody looked at all that is kept of a person.
--
-- args    person, how (masked, clear, file)
-- Returns {person}
-- Errors  UNKNOWN_PERSON
-- Journal person_shown {person, how}
if call('EXISTS', key_record(args.person)) == 0 then refuse('UNKNOWN_PERSON') end
journal('person_shown', {person = args.person, how = args.how})
return {person = args.person}
