-- rewrap: a new key wraps the keys of people. A record that was written meanwhile has it already and is left alone.
--
-- args    generation (of the wrapping key: from now on none before it is taken), records [{id, old, new}]
-- Returns {changed}
-- Errors  none
-- Journal wrapping_changed {generation}, the first time
local changed = 0
if tonumber(call('HGET', HALL, 'wrapping') or 0) < args.generation then
  call('HSET', HALL, 'wrapping', args.generation)
  journal('wrapping_changed', {generation = args.generation})
end
for _, record in ipairs(args.records) do
  if call('HGET', key_record(record.id), 'key') == record.old then
    call('HSET', key_record(record.id), 'key', record.new)
    changed = changed + 1
  end
end
return {changed = changed}
