-- case_paper: a paper is handed in, or given back.
--
-- args    case, back; handed in: paper, original, item, texts; back: n (its number in the case)
-- Returns {case, n}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, UNKNOWN_PAPER
-- Journal case_paper_in, case_paper_back {case, n, paper}
local case = open_case(args.case)
local number = args.n
if args.back then give_paper(case, args, args.texts) else number = take_paper(case, args, args.texts) end
return {case = case_image(case), n = number}
