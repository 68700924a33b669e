-- case_link: a number in the hall was taken for the person, for some of the items.
--
-- args    case, items (numbers), ticket, number
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED, UNKNOWN_ITEM
-- Journal case_ticket {case, number}
local case = open_case(args.case)
for _, number in ipairs(args.items) do case_item(case, number) end
for _, number in ipairs(args.items) do case.items[number].ticket = args.ticket end
tell_case(case, 'case_ticket', {number = args.number})
return {case = case_image(case)}
