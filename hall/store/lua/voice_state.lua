-- voice_state: who speaks in each zone and how much waits there. Changes nothing.
--
-- args    zones {zone = [windows]}
-- Returns {zones {zone = {speaker (nil: nobody), waiting}}, silent [device, JSON, …]}
-- Errors  none
local zones = {}
for zone, windows in pairs(args.zones) do
  local held = speech(zone)
  local speaks = held.speaker and held['until'] > now
  zones[zone] = {speaker = speaks and held.speaker or nil, waiting = #unspoken(windows)}
end
return {zones = zones, silent = call('HGETALL', key_silent())}
