-- drop_paper: what waited for a printer too long, or in vain, is dropped; the office is told how much of it today.
--
-- args    printer, papers (numbers, or 'slip'), day (ms at which the hall's day began)
-- Returns {}
-- Errors  none
-- Journal paper_dropped {printer, papers}
local text = call('HGET', key_dropped(), args.printer)
local known = text and cjson.decode(text) or {at = 0}
if known.at < args.day then known = {count = 0, papers = {}} end
known.at, known.count = now, known.count + #args.papers
for _, paper in ipairs(args.papers) do table.insert(known.papers, 1, paper) end
-- The office reads the newest; the journal has all of them.
while #known.papers > 8 do table.remove(known.papers) end
call('HSET', key_dropped(), args.printer, cjson.encode(known))
journal('paper_dropped', {printer = args.printer, papers = args.papers})
return {}
