-- set_access: staff, a device or a token is written or removed; every process's cache is told.
--
-- args    what (staff, devices, tokens), id, record (JSON text, nil removes it)
-- Returns {}
-- Errors  none
-- Journal access_changed {what, id}
local key = ({staff = key_staff, devices = key_devices, tokens = key_tokens})[args.what]()
if args.record then call('HSET', key, args.id, args.record) else call('HDEL', key, args.id) end
journal('access_changed', {what = args.what, id = args.id})
return {}
