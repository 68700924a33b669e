-- case_add: more items, or a bundle of them.
--
-- args    case, items [{item, bundle, how, hours}]
-- Returns {case}
-- Errors  UNKNOWN_CASE, CASE_CLOSED
-- Journal case_items_added {case, items}
local case = open_case(args.case)
local added = add_items(case, args.items)
tell_case(case, 'case_items_added', {items = added})
return {case = case_image(case)}
