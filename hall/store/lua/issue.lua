-- issue: give a number to somebody who has no appointment and leaves no phone.
--
-- args    line, letter, date, services, language, contingent (nil: none), green, group, claim, person, slip,
--         slip_head_start, override, wait_low, wait_high (minutes, the wait that is shown; nil: unknown)
-- Returns {ticket, ahead}
-- Errors  TICKET_OPEN, CONTINGENT_FULL, SLIP_USED, STALE_CONFIG
-- Journal issued {ticket, override}
local open = open_ticket()
if open then refuse('TICKET_OPEN', {number = open.number}) end
local slip = usable_slip()
check_contingent()

local ticket = new_ticket(slip)
admit(ticket)
journal('issued', {ticket = image(ticket), override = args.override})
return {ticket = image(ticket), ahead = ahead(ticket)}
