-- erase_person: the record goes, and with its key every copy of it becomes unreadable. Appointments stay, as
-- somebody's whom nobody knows.
--
-- args    person
-- Returns {person}
-- Errors  UNKNOWN_PERSON
-- Journal person_erased {person}
if call('EXISTS', key_record(args.person)) == 0 then refuse('UNKNOWN_PERSON') end
forget_finds(args.person)
call('DEL', key_record(args.person))
call('DEL', key_bookings(args.person))
call('DEL', key_no_shows(args.person))
journal('person_erased', {person = args.person})
return {person = args.person}
