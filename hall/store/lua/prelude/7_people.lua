-- People: one encrypted record each, found by keyed hashes. Nothing here can read one.
-- Of two processes that make a record for the same identity number at once, the first one's stays.
local function known_person(record)
  if record.known and call('EXISTS', key_record(record.id)) == 0 then refuse('UNKNOWN_PERSON') end
  -- Prepared while the wrapping key changed: with the old one it would be left behind.
  if record.blob then
    local wrapping = tonumber(call('HGET', HALL, 'wrapping') or 0)
    if tonumber(string.match(record.key, '^g(%d+):') or 0) < wrapping then refuse('STALE_CONFIG') end
  end
  local ids = record.card and call('SMEMBERS', key_found(record.card)) or {}
  return ids[1] or record.id
end

local function forget_finds(id)
  local finds = call('HGET', key_record(id), 'finds')
  for _, find in ipairs(finds and cjson.decode(finds) or {}) do call('SREM', key_found(find), id) end
end

-- Somebody came, booked or was written down: their record is kept for so long from now on.
local function needed_now(id) call('ZADD', key_people(), 'GT', now, id) end

-- Writes a record, if there is something to write; returns the person's id.
local function keep_person(record)
  local id = known_person(record)
  if id ~= record.id or not record.blob then
    needed_now(id)
    return id
  end
  forget_finds(id)
  for _, find in ipairs(record.finds) do call('SADD', key_found(find), id) end
  call('HSET', key_record(id), 'blob', record.blob, 'key', record.key, 'finds', cjson.encode(record.finds),
    'card', record.card or '')
  needed_now(id)
  return id
end
