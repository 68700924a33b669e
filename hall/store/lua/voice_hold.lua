-- voice_hold: the lease of a zone lasts as long as the announcement takes.
--
-- args    zone, speaker, ring (its id), hold_ms
-- Returns {held: whether the display still speaks there}
-- Errors  none
-- Journal nothing
local held = speech(args.zone)
local mine = held.speaker == args.speaker and held.ring and held.ring.id == args.ring
if mine then
  held['until'] = now + args.hold_ms
  save_speech(args.zone, held)
end
return {held = mine or false}
