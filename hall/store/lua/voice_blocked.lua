-- voice_blocked: a display may not sound, or may again. One that may not gives the zone to another.
--
-- args    zone, speaker, display, name, blocked
-- Returns {news: false when that was known}
-- Errors  none
-- Journal sound_blocked or sound_ok {display, name}
local known = call('HEXISTS', key_silent(), args.display) == 1
if args.blocked then
  local held = speech(args.zone)
  if held.speaker == args.speaker then call('DEL', key_voice(args.zone)) end
end
if known == args.blocked then return {news = false} end
if args.blocked then
  call('HSET', key_silent(), args.display, cjson.encode({since = now}))
else
  call('HDEL', key_silent(), args.display)
end
journal(args.blocked and 'sound_blocked' or 'sound_ok', {display = args.display, name = args.name})
return {news = true}
