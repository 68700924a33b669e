-- configure: the hall's description changes; calls prepared with the old one are asked again.
--
-- args    config (JSON text), epoch (used when the hall is new), what and reason (of a change by hand)
-- Returns {version}
-- Errors  STALE_CONFIG when it was made from an older description
-- Journal configured {version, what, reason}
local version = call('HINCRBY', HALL, 'config', 1)
call('HSETNX', HALL, 'epoch', args.epoch)
call('SET', key_config(), args.config)
journal('configured', {version = version, what = args.what, reason = args.reason})
return {version = version}
