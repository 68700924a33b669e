-- voice_done: a display has announced a ring. It counts, whoever speaks in the zone by now.
--
-- args    zone, speaker, ring (its id), lease_ms
-- Returns {news: false when it was announced before}
-- Errors  none
-- Journal announced {ticket, zone}, once a ring; the call counts as shown
local held = speech(args.zone)
local heard = held.ring and held.ring.id == args.ring and held.ring or nil
local mine = held.speaker == args.speaker
if heard then held.ring = nil end
if mine then held['until'] = now + args.lease_ms end
if heard or mine then save_speech(args.zone, held) end
for _, text in ipairs(call('HVALS', key_rings())) do
  local one = cjson.decode(text)
  if one.id == args.ring then
    if one.spoken then return {news = false} end
    one.spoken, heard = true, one
    call('HSET', key_rings(), one.window, cjson.encode(one))
  end
end
local text = heard and call('GET', key_ticket(heard.ticket))
if not text then return {news = false} end
local ticket = cjson.decode(text)
if MOVES.show:find(ticket.state, 1, true) and ticket.calls == heard.calls and not ticket.shown then
  ticket.shown = true
  save(ticket)
end
journal('announced', {ticket = image(ticket), zone = args.zone})
return {news = true}
