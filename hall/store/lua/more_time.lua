-- more_time: the resident asks to be called later.
--
-- args    ticket; shift (ms), times
-- Returns {ticket, ahead}
-- Errors  UNKNOWN_TICKET, MOVE_NOT_LEGAL, MORE_TIME_USED_UP
-- Journal delayed {ticket}
local ticket = named_ticket()
check_move(ticket, 'more_time')
if (ticket.more_times or 0) >= args.times then refuse('MORE_TIME_USED_UP', {times = args.times}) end
ticket.more_times = (ticket.more_times or 0) + 1
ticket.shift = (ticket.shift or 0) + args.shift
reenter(ticket)
save(ticket)
journal('delayed', {ticket = image(ticket)})
return {ticket = image(ticket), ahead = ahead(ticket)}
