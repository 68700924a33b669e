-- call_help: somebody at a kiosk asks for a person. Asking again before somebody came changes nothing.
--
-- args    kiosk (its id), name
-- Returns {since, news: false when it was known}
-- Errors  none
-- Journal help_wanted {kiosk, name}
local known = call('HGET', key_help(), args.kiosk)
if known then return {since = cjson.decode(known).since, news = false} end
call('HSET', key_help(), args.kiosk, cjson.encode({since = now, name = args.name}))
journal('help_wanted', {kiosk = args.kiosk, name = args.name})
return {since = now, news = true}
