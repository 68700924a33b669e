-- configure: the hall's description changes; calls prepared with the old one are asked again.
--
-- args    config (JSON text), epoch (used when the hall is new), what and reason (of a change by hand),
--         lines_gone, windows_gone, relettered (sets of ids that the new description lacks or has changed), date,
--         webhooks (ids: each is told of what comes from now on), webhooks_gone (ids)
-- Returns {version}
-- Errors  STALE_CONFIG when it was made from an older description, PART_IN_USE
-- Journal configured {version, what, reason, zone, test, bound}
local lines, windows = args.lines_gone or {}, args.windows_gone or {}
if next(lines) or next(windows) then
  for _, id in ipairs(call('SMEMBERS', key_open())) do
    local ticket = ticket_of(id)
    for _, line in ipairs({ticket.line, ticket.origin_line or ticket.line}) do
      if lines[line] then refuse('PART_IN_USE', {part = 'lines.' .. line, number = ticket.number}) end
    end
    for _, window in ipairs({ticket.window or '', ticket.origin_window or ''}) do
      if windows[window] then refuse('PART_IN_USE', {part = 'windows.' .. window, number = ticket.number}) end
    end
  end
end
for id in pairs(windows) do
  if window_of(id).state ~= 'closed' then refuse('PART_IN_USE', {part = 'windows.' .. id}) end
end
-- The same number would be given twice on one day.
for id in pairs(args.relettered or {}) do
  if call('HEXISTS', key_counters(args.date), id) == 1 then refuse('PART_IN_USE', {part = 'lines.' .. id .. '.letter'}) end
end

local version = call('HINCRBY', HALL, 'config', 1)
call('HSETNX', HALL, 'epoch', args.epoch)
call('SET', key_config(), args.config)
local entry = journal('configured', {
  version = version, what = args.what, reason = args.reason, zone = args.zone, test = args.test, bound = args.bound,
})
for _, id in ipairs(args.webhooks_gone or {}) do
  call('DEL', key_webhook(id), key_webhook_log(id), key_webhook_wanted(id))
end
for _, id in ipairs(args.webhooks or {}) do call('HSETNX', key_webhook(id), 'cursor', entry) end
return {version = version}
