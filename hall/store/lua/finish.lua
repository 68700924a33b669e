-- finish: the service at one window has ended, or is continued where the ticket came from.
--
-- args    window, finish {outcome, services}
-- Returns {ticket}
-- Errors  WINDOW_EMPTY, MOVE_NOT_LEGAL
-- Journal finished | sent_back {ticket, window}
return {ticket = image(finish(asked_window(), args.finish))}
