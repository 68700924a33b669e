-- answer_help: a member of staff goes to a kiosk, or the person there wants nobody any more.
--
-- args    kiosk; who answers (nil: nobody comes)
-- Returns {news: false when somebody else was faster}
-- Errors  none
-- Journal help_answered {kiosk, who}
if call('HDEL', key_help(), args.kiosk) == 0 then return {news = false} end
journal('help_answered', {kiosk = args.kiosk, who = args.who})
return {news = true}
