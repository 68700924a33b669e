-- display_stale: a display is back that showed an old state for a while; the office is told until the day is over.
--
-- args    display, name, from, till (ms; the hall's clock), day (ms at which the hall's day began)
-- Returns {}
-- Errors  none
-- Journal display_stale {display, name, from, till}
local text = call('HGET', key_stale(), args.display)
local known = text and cjson.decode(text)
local times = known and known.till >= args.day and known.times or 0
local row = {from = args.from, till = args.till, times = times + 1}
call('HSET', key_stale(), args.display, cjson.encode(row))
journal('display_stale', {display = args.display, name = args.name, from = args.from, till = args.till})
return {}
