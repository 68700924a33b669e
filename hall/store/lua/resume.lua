-- resume: the clerk is back.
--
-- args    window, reason
-- Returns {window}
-- Errors  WINDOW_CLOSED
-- Journal window_resumed {window, reason}
local window = asked_window()
if window.state == 'closed' then refuse('WINDOW_CLOSED', {window = window.id}) end
if window.state == 'paused' then
  window.state, window.since = 'open', now
  save_window(window)
  journal('window_resumed', {window = window_image(window), reason = args.reason})
end
return {window = window_image(window)}
