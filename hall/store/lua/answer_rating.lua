-- answer_rating: what was done about a bad rating.
--
-- args    rating (id), answer
-- Returns {rating}
-- Errors  UNKNOWN_RATING
-- Journal rating_answered {rating (with answered_at), answer}
local text = call('HGET', key_follow_ups(), args.rating)
if not text then refuse('UNKNOWN_RATING', {rating = args.rating}) end
local rating = cjson.decode(text)
rating.answered_at = now
call('HDEL', key_follow_ups(), args.rating)
journal('rating_answered', {rating = rating, answer = args.answer})
return {rating = rating}
