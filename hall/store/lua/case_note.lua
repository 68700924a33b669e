-- case_note: something worth knowing.
--
-- args    case, texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED
-- Journal case_noted {case}
local case = open_case(args.case)
tell_case(case, 'case_noted', {}, args.texts)
return {case = case_image(case)}
