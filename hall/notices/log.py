"""The channel of a hall that has no other yet: the log says that a message would have gone out, not what it said."""

from __future__ import annotations

import structlog

from hall.domain.people import mask_phone
from hall.notices.message import Message

_log = structlog.get_logger()


class Log:
    def reaches(self, message: Message) -> bool:
        return bool(message.phone)

    def send(self, message: Message) -> None:
        _log.info("notice", id=message.id, what=str(message.what), to=mask_phone(message.phone))
