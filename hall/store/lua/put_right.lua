-- put_right: the store has lost entries that the archive has. From here on the journal says again what is there, and what
-- was lost is given to nobody else.
--
-- args    tickets (JSON images, as the archive has them, of those that lost an entry), windows (ids), epoch (a new one),
--         sequence (last ticket id that is known), numbers ([date, line, last number that is known]), skip (how many more)
-- Returns {gone}: how many tickets the store knows no more
-- Errors  none
-- Journal put_right {ticket | window}…
local gone = 0
for _, text in ipairs(args.tickets) do
  local ticket = cjson.decode(text)
  local kept = call('GET', key_ticket(ticket.id))
  if not kept and is_open(ticket) then
    ticket.state, ticket.ended_at, ticket.window = 'expired', now, nil
    journal('put_right', {ticket = cjson.encode(ticket)})
    gone = gone + 1
  elseif kept then
    journal('put_right', {ticket = kept})
  end
end
for _, id in ipairs(args.windows) do journal('put_right', {window = window_image(window_of(id))}) end
local last = tonumber(call('HGET', HALL, 'sequence') or 0)
call('HSET', HALL, 'sequence', math.max(last, args.sequence) + args.skip, 'epoch', args.epoch)
for _, known in ipairs(args.numbers) do
  local counters = key_counters(known[1])
  local given = tonumber(call('HGET', counters, known[2]) or 0)
  call('HSET', counters, known[2], math.max(given, known[3]) + args.skip)
  call('PEXPIRE', counters, 2 * DAY)
end
return {gone = gone}
