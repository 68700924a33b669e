-- configure: the hall's description changes; calls prepared with the old one are asked again.
--
-- args    config (JSON text), epoch (used when the hall is new)
-- Returns {version}
-- Errors  none
-- Journal configured {version}
local version = call('HINCRBY', HALL, 'config', 1)
call('HSETNX', HALL, 'epoch', args.epoch)
call('SET', key_config(), args.config)
journal('configured', {version = version})
return {version = version}
