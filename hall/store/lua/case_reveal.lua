-- case_reveal: somebody looks at who the person of a case is.
--
-- args    case
-- Returns {case}
-- Errors  UNKNOWN_CASE
-- Journal case_revealed {of, person}
local case = case_of(args.case)
keep_story(case.id, 'case_revealed', {}, nil)
journal('case_revealed', {of = case.id, person = case.person})
return {case = case_image(case)}
