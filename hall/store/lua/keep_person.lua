-- keep_person: a person's encrypted record is written.
--
-- args    record {id, known, card, blob, key, finds}
-- Returns {person}
-- Errors  UNKNOWN_PERSON
-- Journal person_kept {person}
local person = keep_person(args.record)
journal('person_kept', {person = person})
return {person = person}
