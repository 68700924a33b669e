-- webhook_claim: begin a try of the event after the cursor. Of several processes one gets it; when that one dies, the
-- next try begins at `again`.
--
-- args    webhook, before (the cursor, as the caller knows it), event (entry id), at (ms), again (ms)
-- Returns {tries, first (ms: of the first try)}; nothing: not now
-- Errors  none
local key = key_webhook(args.webhook)
local kept = call('HMGET', key, 'cursor', 'at', 'tries', 'first', 'stopped', 'event')
if kept[1] ~= args.before or kept[5] or tonumber(kept[2] or 0) > args.at then return {} end
local same = kept[6] == args.event
local tries, first = same and tonumber(kept[3]) + 1 or 1, same and tonumber(kept[4]) or args.at
call('HSET', key, 'at', args.again, 'tries', tries, 'first', first, 'event', args.event)
return {tries = tries, first = first}
