-- webhook_steer: what somebody in the office does with a webhook.
--
-- args    webhook, what (resumed, left_out: it goes on, with or after the event at which it stopped; sent_again, tested:
--         once more, or a message that means nothing; secret_shown, secret_new), event (entry id, or the test's name),
--         reason, most (sendings by hand that may wait), keep (rows)
-- Returns {changed (false: there was nothing to do)}
-- Errors  none
-- Journal webhook_steered {webhook, what, event, reason}
local key, what, event = key_webhook(args.webhook), args.what, args.event
local kept = call('HMGET', key, 'cursor', 'stopped', 'event')
if not kept[1] then return {changed = false} end
if what == 'resumed' or what == 'left_out' then
  if not kept[2] then return {changed = false} end
  event = kept[3]
  if what == 'left_out' then
    call('HSET', key, 'cursor', event)
    webhook_row(args.webhook, {id = event, state = 'left_out'}, args.keep)
  end
  call('HDEL', key, 'stopped', 'why', 'at', 'tries', 'first', 'event')
elseif what == 'sent_again' or what == 'tested' then
  local waiting = key_webhook_wanted(args.webhook)
  if call('LLEN', waiting) >= args.most then return {changed = false} end
  call('RPUSH', waiting, event)
elseif what == 'secret_new' then
  call('HINCRBY', key, 'secret', 1)
  call('HSET', key, 'secret_at', now)
end
journal('webhook_steered', {webhook = args.webhook, what = what, event = event, reason = args.reason})
return {changed = true}
