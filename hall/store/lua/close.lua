-- close: nobody sits at the window any more; what is addressed to it goes back to its line.
--
-- args    window, reason
-- Returns {window}
-- Errors  WINDOW_BUSY
-- Journal window_closed {window, reason}, readdressed {ticket}…
local window = asked_window()
if window.ticket then refuse('WINDOW_BUSY', {window = window.id, number = ticket_of(window.ticket).number}) end
if window.state ~= 'closed' then shut(window, false, args.reason) end
return {window = window_image(window)}
