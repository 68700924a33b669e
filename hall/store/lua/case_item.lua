-- case_item: an item goes on, by one move or by several after each other.
--
-- args    case, item (its number in the case), moves, how, outcome, texts
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, UNKNOWN_ITEM, ITEM_MOVE_NOT_LEGAL, AUTHORISATION_MISSING
-- Journal case_item_moved {case, n, item, move, from, to, how, outcome}, one a move
local case = open_case(args.case)
move_item(case, args, args.texts)
return {case = case_image(case)}
