-- webhook_settle: what became of a try, or that entries which are no events of the webhook were passed over. Whoever
-- comes late, after another process has moved the cursor or begun another try, changes nothing.
--
-- args    webhook, before (the cursor), tries (of the claim; 0: passed over), cursor (new: done with the event), again
--         (ms: of the next try), why (it stops), row (of the log), keep (rows)
-- Returns {settled}
-- Errors  none
-- Journal webhook_stopped {webhook, event, tries, why}
local key = key_webhook(args.webhook)
local kept = call('HMGET', key, 'cursor', 'tries', 'event')
if kept[1] ~= args.before or tonumber(kept[2] or 0) ~= args.tries then return {settled = false} end
if args.cursor then
  call('HSET', key, 'cursor', args.cursor)
  call('HDEL', key, 'at', 'tries', 'first', 'event')
elseif args.again then
  call('HSET', key, 'at', args.again)
else
  call('HSET', key, 'stopped', now, 'why', args.why)
  journal('webhook_stopped', {webhook = args.webhook, event = kept[3], tries = args.tries, why = args.why})
end
if args.row then webhook_row(args.webhook, args.row, args.keep) end
return {settled = true}
