-- announce: an entry that says something without changing the queue.
--
-- args    kind, facts
-- Returns {}
-- Errors  none
-- Journal as asked
journal(args.kind, args.facts)
return {}
