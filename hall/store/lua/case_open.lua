-- case_open: somebody needs help: a case with its owner, its items and its next step.
--
-- args    record (of the person, perhaps empty), texts, kind, source, group, community, owner, next_at, next_step, items
--         [{item, bundle, how, hours}], language, ticket
-- Returns {case}
-- Errors  STALE_CONFIG (somebody made a record of the same person meanwhile), NEXT_STEP_PAST, UNKNOWN_PERSON
-- Journal case_opened {case}
check_next(args.next_at)
if known_person(args.record) ~= args.record.id then refuse('STALE_CONFIG') end
local person = keep_person(args.record)
local id = string.format('%010d', call('HINCRBY', HALL, 'cases', 1))
local case = {
  id = id, kind = args.kind, state = 'open', person = person, source = args.source, group = args.group,
  community = args.community, owner = args.owner, assigned_at = now, next_at = args.next_at, next_step = args.next_step,
  opened_at = now, language = args.language, ticket = args.ticket, items = {}, papers = {},
}
add_items(case, args.items)
call('ZADD', key_cases(), now, id)
call('SADD', key_cases_of(person), id)
tell_case(case, 'case_opened', {owner = args.owner}, args.texts)
return {case = case_image(case)}
