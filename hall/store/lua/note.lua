-- note: something the office must see until it is over: an alarm, a call for help, a message to a window. One of a name
-- at a time; raising it again, or ending what is not there, changes nothing.
--
-- args    name, kind (of the entry), note (nil: it is over), since (nil, or when the one that ends was put up: another one
--         stays), told ({name, note}: put up when this one ends)
-- Returns {changed}
-- Errors  none
-- Journal <kind> {name, note (with since)}, message_sent {name, note} when somebody is told
local text = call('HGET', key_notes(), args.name)
if args.note then
  if text and not args.again then return {changed = false} end
  args.note.since = now
  call('HSET', key_notes(), args.name, cjson.encode(args.note))
  journal(args.kind, {name = args.name, note = args.note})
else
  if not text or (args.since and cjson.decode(text).since ~= args.since) then return {changed = false} end
  call('HDEL', key_notes(), args.name)
  journal(args.kind, {name = args.name, note = cjson.decode(text)})
  if args.told then
    args.told.note.since = now
    call('HSET', key_notes(), args.told.name, cjson.encode(args.told.note))
    journal('message_sent', {name = args.told.name, note = args.told.note})
  end
end
return {changed = true}
