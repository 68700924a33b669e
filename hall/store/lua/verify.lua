-- verify: the clerk has seen the document, or not. A refused claim loses its head start and
-- nothing else; a ticket at a window is served all the same.
--
-- args    window (its ticket), or ticket, or number and date; decision (confirmed, refused)
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET, WINDOW_EMPTY, MOVE_NOT_LEGAL, CLAIM_DECIDED
-- Journal claim_decided {ticket, decision}
local by_name = args.ticket or args.number
local ticket = by_name and named_ticket() or ticket_at(asked_window(), 'verify')
check_move(ticket, 'verify')
local proven = ticket.claim == 'proven' and args.decision == 'refused'
if ticket.claim ~= 'declared' and not proven then refuse('CLAIM_DECIDED', {number = ticket.number}) end
ticket.claim = args.decision
if args.decision == 'refused' then ticket.green = nil end
if ticket.state == 'waiting' then reenter(ticket) end
save(ticket)
journal('claim_decided', {ticket = image(ticket), decision = args.decision})
return {ticket = image(ticket)}
