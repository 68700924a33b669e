-- claim_notice: begin a try. Of two jobs for the same try one gets it; when its worker dies, the next try begins at
-- `again`.
--
-- args    notice (id), tries (made so far, as the job knows it), again (ms)
-- Returns {notice (nil: nothing to do)}
-- Errors  none
local text = call('GET', key_notice(args.notice))
if not text then call('ZREM', key_outbox(), args.notice) end
local notice = text and cjson.decode(text)
if not notice or notice.state ~= 'waiting' or notice.tries ~= args.tries then return {} end
notice.tries = notice.tries + 1
call('SET', key_notice(notice.id), cjson.encode(notice), 'KEEPTTL')
call('ZADD', key_outbox(), args.again, notice.id)
return {notice = notice}
