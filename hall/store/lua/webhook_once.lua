-- webhook_once: what was sent by hand has been tried, once. Twice the same changes nothing.
--
-- args    webhook, wanted (as it was asked for), row (of the log), keep (rows)
-- Returns {settled}
-- Errors  none
if call('LREM', key_webhook_wanted(args.webhook), 1, args.wanted) == 0 then return {settled = false} end
webhook_row(args.webhook, args.row, args.keep)
return {settled = true}
