-- door_told: somebody came in, was refused at the door, or was made a link to come in by.
--
-- args    kind (signed_in, sign_in_failed, link_made), facts {staff, how, why, link_by, purpose, device}
-- Returns {}
-- Errors  none
-- Journal signed_in {staff, how, link_by}, sign_in_failed {staff, how, why}, link_made {purpose, staff, device}
journal(args.kind, args.facts)
return {}
