-- slot_due: the slot of a waiting appointment has come; idle windows are told by the entry.
--
-- args    ticket
-- Returns {ticket}
-- Errors  UNKNOWN_TICKET
-- Journal slot_due {ticket} for each due ticket of its queue
local ticket = ticket_of(args.ticket)
call('ZREM', key_due(), 'slot/' .. ticket.id)
drain(ticket.queue)
return {ticket = image(ticket_of(args.ticket))}
