-- close: nobody sits at the window any more; what is addressed to it goes back to its line.
--
-- args    window
-- Returns {window}
-- Errors  WINDOW_BUSY
-- Journal window_closed {window}, readdressed {ticket}…
local window = asked_window()
if window.ticket then refuse('WINDOW_BUSY', {window = window.id, number = ticket_of(window.ticket).number}) end
if window.state ~= 'closed' then shut(window) end
return {window = window_image(window)}
