-- set_printer: what a printer said of itself; an entry only when that is news.
--
-- args    printer, state
-- Returns {was (nil: never asked)}
-- Errors  none
-- Journal printer_changed {printer, state, was}
local text = call('HGET', key_printers(), args.printer)
local was = text and cjson.decode(text).state or nil
if was ~= args.state then
  call('HSET', key_printers(), args.printer, cjson.encode({state = args.state, since = now}))
  journal('printer_changed', {printer = args.printer, state = args.state, was = was})
end
return {was = was}
