-- voice_next: a display asks what to announce in its sound zone, and speaks there until its lease ends.
--
-- args    zone, windows (of the zone), speaker, lease_ms
-- Returns {ring (nil: nothing), waiting (calls behind it), or speaker and wait (ms): another one speaks}
-- Errors  none
-- Journal nothing: a ring that was not heard is handed out again
local held = speech(args.zone)
if held.speaker and held.speaker ~= args.speaker and held['until'] > now then
  return {speaker = held.speaker, wait = held['until'] - now, waiting = #unspoken(args.windows)}
end
local rings = unspoken(args.windows)
local ring_now = rings[1]
save_speech(args.zone, {speaker = args.speaker, ['until'] = now + args.lease_ms, ring = ring_now})
if ring_now then
  ring_now.tries = (ring_now.tries or 0) + 1
  call('HSET', key_rings(), ring_now.window, cjson.encode(ring_now))
end
return {ring = ring_now, waiting = math.max(0, #rings - 1)}
