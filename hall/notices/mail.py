"""Mail over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote, urlsplit

from hall.notices.message import Message, NotDelivered

SECONDS: float = 5.0
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """`url`: smtps://user:password@host:465, or smtp://host:25, which uses STARTTLS when the server offers it."""

    url: str | None
    sender: str

    def reaches(self, message: Message) -> bool:
        return bool(message.email)

    def send(self, message: Message) -> None:
        if self.url is None:
            raise NotDelivered("not_set_up")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.email, message.subject
        mail["Date"], mail["Auto-Submitted"] = formatdate(), "auto-generated"
        mail["Message-ID"] = f"<{message.id}@{self.sender.partition('@')[2]}>"
        mail.set_content(message.text)
        try:
            self._hand_over(self.url, mail)
        except smtplib.SMTPRecipientsRefused as error:
            status = max(code for code, _ in error.recipients.values())
            raise NotDelivered(f"status {status}", final=status >= 500) from None
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(f"status {error.smtp_code}") from None
        except TimeoutError:
            raise NotDelivered("timeout") from None
        except (smtplib.SMTPException, OSError):
            raise NotDelivered("unreachable") from None

    def _hand_over(self, url: str, mail: EmailMessage) -> None:
        parts = urlsplit(url)
        host, safe = parts.hostname or "", parts.scheme == "smtps"
        with _connect(host, parts.port, safe=safe) as server:
            server.ehlo()
            if not safe and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
                safe = True
            if parts.username:
                if not safe and host not in _HERE:
                    raise NotDelivered("not_encrypted")
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)


def _connect(host: str, port: int | None, *, safe: bool) -> smtplib.SMTP:
    if safe:
        return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 25, timeout=SECONDS)
