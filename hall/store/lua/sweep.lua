-- sweep: what is older than the hall keeps it goes, whatever life it was given when it was written.
--
-- args    appointments, notices, cases, visits: [id], each that might be over; before {appointments (slot), notices (wanted),
--         cases (closed), visits (end)}: ms
-- Returns {appointments, notices, cases, visits}: how many went
-- Errors  none
local gone, before = {appointments = 0, notices = 0, cases = 0, visits = 0}, args.before
for _, id in ipairs(args.appointments) do
  local text = call('GET', key_appointment(id))
  local one = text and cjson.decode(text)
  if not one or one.slot < before.appointments then
    local external = call('HGET', key_booking(id), 'external')
    if external then call('DEL', key_external(external)) end
    if one then call('ZREM', key_bookings(one.person), id) end
    call('DEL', key_appointment(id), key_booking(id))
    call('ZREM', key_agenda(), id)
    gone.appointments = gone.appointments + 1
  end
end
for _, id in ipairs(args.notices) do
  local text = call('GET', key_notice(id))
  local one = text and cjson.decode(text)
  if not one or one.wanted < before.notices then
    if one and call('GET', key_noticed(one.about)) == id then call('DEL', key_noticed(one.about)) end
    call('DEL', key_notice(id))
    call('ZREM', key_notices(), id)
    call('ZREM', key_outbox(), id)
    gone.notices = gone.notices + 1
  end
end
for _, id in ipairs(args.cases) do
  local text = call('GET', key_case(id))
  local one = text and cjson.decode(text)
  if not one or (one.state == 'closed' and one.closed_at < before.cases) then
    if one then call('SREM', key_cases_of(one.person), id) end
    call('DEL', key_case(id), key_case_texts(id), key_case_story(id))
    call('ZREM', key_cases(), id)
    gone.cases = gone.cases + 1
  end
end
for _, id in ipairs(args.visits) do
  local text = call('GET', key_visit(id))
  local one = text and cjson.decode(text)
  if not one or one.ends < before.visits then
    if one then leave_agenda(one) end
    call('DEL', key_visit(id))
    call('ZREM', key_visits(), id)
    gone.visits = gone.visits + 1
  end
end
return gone
