-- reprint: somebody wants a ticket on paper once more. The queue stays as it is.
--
-- args    ticket, or number and date; printer
-- Returns {ticket, copy}
-- Errors  UNKNOWN_TICKET
-- Journal reprint_wanted {ticket, printer, copy}
local ticket = named_ticket()
local copy = call('HINCRBY', key_paper(ticket.id), 'copies', 1)
call('PEXPIRE', key_paper(ticket.id), 2 * DAY)
journal('reprint_wanted', {ticket = image(ticket), printer = args.printer, copy = copy})
return {ticket = image(ticket), copy = copy}
