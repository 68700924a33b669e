-- want_notice: somebody is to be told something. Once an id, whoever asks and however often.
--
-- args    notice (id), what, about (appointment/<id> or ticket/<id>), until (ms: later it need not be told), slot (of an
--         appointment) or calls (of a ticket) for which it holds, at (ms: its first try), keep (ms)
-- Returns {wanted (false: it was known)}
-- Errors  none
if call('EXISTS', key_notice(args.notice)) == 1 then return {wanted = false} end
local notice = {
  id = args.notice, what = args.what, about = args.about, ['until'] = args['until'], slot = args.slot, calls = args.calls,
  state = 'waiting', tries = 0, wanted = args.at, at = args.at,
}
call('SET', key_notice(notice.id), cjson.encode(notice), 'PX', args.keep)
call('SET', key_noticed(notice.about), notice.id, 'PX', args.keep)
call('ZREMRANGEBYSCORE', key_notices(), '-inf', args.at - args.keep)
call('ZADD', key_notices(), args.at, notice.id)
call('ZADD', key_outbox(), args.at, notice.id)
return {wanted = true}
