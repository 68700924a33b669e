-- pause: the clerk leaves for a moment; a ticket at the window stays there.
--
-- args    window, reason
-- Returns {window}
-- Errors  WINDOW_CLOSED
-- Journal window_paused {window, reason}
local window = asked_window()
if window.state == 'closed' then refuse('WINDOW_CLOSED', {window = window.id}) end
if window.state ~= 'paused' then
  window.state, window.since = 'paused', now
  save_window(window)
  journal('window_paused', {window = window_image(window), reason = args.reason})
end
return {window = window_image(window)}
