"""Which channels a hall has."""

from __future__ import annotations

from hall.domain.notices import Notices
from hall.notices.log import Log
from hall.notices.mail import MailServer
from hall.notices.message import Channel
from hall.notices.sms import SmsGateway
from hall.notices.webhook import Webhook
from hall.settings import Settings


def channels(settings: Settings, notices: Notices, *, test: bool) -> dict[str, Channel]:
    """By name, in the hall's order. A test hall writes into the log alone: its people are made up."""
    every: dict[str, Channel] = {
        "sms": SmsGateway(notices.sms, settings.sms_url, settings.sms_token or ""),
        "mail": MailServer(settings.smtp_url, notices.mail.sender),
        "webhook": Webhook(settings.webhook_url, (settings.webhook_key or "").encode()),
        "log": Log(),
    }
    return {name: every[name] for name in (("log",) if test else notices.channels)}
