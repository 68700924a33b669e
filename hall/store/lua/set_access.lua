-- set_access: staff, a device or a token is written or removed, or a session ended; every process's cache is told.
--
-- args    what (staff, devices, tokens, sessions), id, record (JSON text, nil removes it), session (its hash), reason; did, role,
--         was (the role before)
-- Returns {}
-- Errors  none
-- Journal access_changed {what, id, did, role, was, reason}
if args.session then call('DEL', key_session(args.session)) end
local key = ({staff = key_staff, devices = key_devices, tokens = key_tokens})[args.what]
if key and args.record then
  call('HSET', key(), args.id, args.record)
elseif key then
  call('HDEL', key(), args.id)
end
journal('access_changed', {
  what = args.what, id = args.id, did = args.did, role = args.role, was = args.was, reason = args.reason})
return {}
