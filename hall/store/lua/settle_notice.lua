-- settle_notice: what became of a try. What was sent or given up is told once; whoever comes later changes nothing.
--
-- args    notice (id), state (waiting, sent, failed, dropped), channel, why, at (ms), again (ms, while it waits)
-- Returns {state (nil: unknown)}
-- Errors  none
-- Journal notice_sent | notice_failed {notice, what, about, channel, tries, why}
local text = call('GET', key_notice(args.notice))
local notice = text and cjson.decode(text)
if not notice or notice.state ~= 'waiting' then return {state = notice and notice.state or nil} end
notice.state, notice.channel, notice.why, notice.at = args.state, args.channel, args.why, args.at
call('SET', key_notice(notice.id), cjson.encode(notice), 'KEEPTTL')
if notice.state == 'waiting' then
  call('ZADD', key_outbox(), args.again, notice.id)
else
  call('ZREM', key_outbox(), notice.id)
end
if notice.state == 'sent' or notice.state == 'failed' then
  journal('notice_' .. notice.state, {
    notice = notice.id, what = notice.what, about = notice.about, channel = notice.channel, tries = notice.tries,
    why = notice.why,
  })
end
return {state = notice.state}
