-- The log of a webhook: one row an event, the newest first. An event that is tried again has its row already, among
-- the first unless much was sent by hand meanwhile.
local WEBHOOK_LOOK = 19
local function webhook_row(webhook, row, keep)
  local key = key_webhook_log(webhook)
  for place, text in ipairs(call('LRANGE', key, 0, WEBHOOK_LOOK)) do
    local known = cjson.decode(text)
    if known.id == row.id and not known.by_hand and not row.by_hand then
      for name, value in pairs(row) do known[name] = value end
      if row.state ~= 'waiting' then known.again = nil end
      call('LSET', key, place - 1, cjson.encode(known))
      return
    end
  end
  call('LPUSH', key, cjson.encode(row))
  call('LTRIM', key, 0, keep - 1)
end
