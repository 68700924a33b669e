-- doorstep_settle: somebody has seen to a refused action.
--
-- args    conflict
-- Returns {conflict}
-- Errors  UNKNOWN_VISIT
-- Journal doorstep_settled {conflict}
if call('HDEL', key_conflicts(), args.conflict) == 0 then refuse('UNKNOWN_VISIT') end
journal('doorstep_settled', {conflict = args.conflict})
return {conflict = args.conflict}
