-- swept: a night's sweep is done.
--
-- args    counts {people, appointments, notices, cases, visits}
-- Returns {at}
-- Errors  none
-- Journal people_swept {counts}
call('SET', key_cursor('privacy'), now)
journal('people_swept', {counts = args.counts})
return {at = now}
