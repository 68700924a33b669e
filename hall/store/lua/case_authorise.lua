-- case_authorise: the person lets us act in their name (代办).
--
-- args    case, how, texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED
-- Journal case_authorised {case, how}
local case = open_case(args.case)
authorise(case, args, args.texts)
return {case = case_image(case)}
