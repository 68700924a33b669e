-- Voice: what a sound zone has yet to hear, and which display speaks there.
local function speech(zone)
  local text = call('GET', key_voice(zone))
  return text and cjson.decode(text) or {}
end
local function save_speech(zone, speech_now) call('SET', key_voice(zone), cjson.encode(speech_now)) end

-- A ring that was handed out so often and never heard of again must not keep the others waiting.
local PATIENT_TRIES = 3

-- Order of speaking: recalls first, then as they rang.
local function sooner(one, other)
  local late, other_late = (one.tries or 0) >= PATIENT_TRIES, (other.tries or 0) >= PATIENT_TRIES
  if late ~= other_late then return other_late end
  if one.kind ~= other.kind then return one.kind == 'recalled' end
  local at, n = one.id:match('(%d+)-(%d+)')
  local other_at, other_n = other.id:match('(%d+)-(%d+)')
  if at ~= other_at then return tonumber(at) < tonumber(other_at) end
  return tonumber(n) < tonumber(other_n)
end

-- The queue of a zone is not kept anywhere: it is what its windows rang and nobody has announced, while the ticket
-- is still on its way. A ticket that is at the window, went elsewhere, or rang again is no longer there.
local function unspoken(windows)
  local rings = {}
  for _, id in ipairs(windows) do
    local text = call('HGET', key_rings(), id)
    local one = text and cjson.decode(text)
    local ticket = one and not one.spoken and call('GET', key_ticket(one.ticket))
    ticket = ticket and cjson.decode(ticket)
    if ticket and ticket.state == 'called' and ticket.window == id then
      one.language = ticket.language
      rings[#rings + 1] = one
    end
  end
  table.sort(rings, sooner)
  return rings
end
