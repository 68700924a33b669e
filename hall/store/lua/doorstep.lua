-- doorstep: one action of a device. Actions are done in the device's own order, in whatever order they come: one that
-- comes early waits, one that comes again does nothing, one that is refused is kept as a conflict.
--
-- args    device, sequence (from 1), most (how far ahead an action may come), action {visit, move, at, texts, …;
--         refused: a code, when it was refused before it came here}
-- Returns {next (the sequence that is missing), known (it was done before), waiting}
-- Errors  OUTBOX_TOO_FAR
-- Journal what the actions are; doorstep_refused {device, sequence, of, move, code}
local key = key_doorstep(args.device)
local following = tonumber(call('HGET', key, 'next') or 1)
if args.sequence < following then return {next = following, known = true, waiting = 0} end
if args.sequence >= following + args.most then refuse('OUTBOX_TOO_FAR', {next = following}) end
call('HSETNX', key, args.sequence, cjson.encode(args.action))
local text = call('HGET', key, following)
while text do
  local action = cjson.decode(text)
  local fine, why = pcall(act, args.device, action)
  if not fine then
    if type(why) ~= 'table' or not why.refusal then error(why) end
    keep_conflict(args.device, following, action, why)
  end
  call('HDEL', key, following)
  following = following + 1
  text = call('HGET', key, following)
end
local waiting = call('HLEN', key) - call('HEXISTS', key, 'next')
call('HSET', key, 'next', following)
return {next = following, known = false, waiting = waiting}
