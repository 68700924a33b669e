-- clock: the hall's time now.
--
-- args    none
-- Returns {now}
-- Errors  none
return {now = now}
