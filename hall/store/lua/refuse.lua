-- refuse: a request that is refused before its move is run. If it was answered earlier under the same
-- request key, that answer stands.
--
-- args    code, facts
-- Returns nothing but a remembered answer
-- Errors  the code
refuse(args.code, args.facts)
