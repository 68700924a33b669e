"""Notices as mail, to a real mail server in this process."""

from __future__ import annotations

import email
import email.policy
from asyncio.base_events import Server
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from hall.domain.notices import Mail
from hall.notices import mail as mail_module
from hall.store.embedded import EmbeddedServer
from tests.notices.stage import NOTICES, PERSONAL, NoticeHall, notice_hall

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@dataclass
class Post:
    """`answers` are given to recipients one after the other, then 250."""

    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    signed_in: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.to += envelope.rcpt_tos
        return "250 OK"

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss", handled=False)


class FreePort(Controller):
    """Listens at a port the system chose."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    signing_in: Any = {"authenticator": post.sign_in, "auth_require_tls": False, "auth_required": True}
    controller = FreePort(post, hostname="127.0.0.1", port=0, auth_exclude_mechanism=["LOGIN"], **signing_in)
    controller.start()
    post.port = controller.port
    yield post
    controller.stop()


@pytest.fixture
def hall(post: Post, store_server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    url = f"smtp://hall:p%40ss@127.0.0.1:{post.port}"
    with notice_hall(store_server, tmp_path, monkeypatch, smtp_url=url) as here:
        here.change(notices=replace(NOTICES, channels=("mail",), mail=Mail("no-reply@hall.example.org")))
        yield here


def test_a_confirmation_comes_as_mail_in_the_language_of_the_appointment(hall: NoticeHall, post: Post) -> None:
    booked = hall.book()
    hall.work()
    hall.book(language="en")
    hall.work()
    chinese, english = post.mails
    assert hall.states() == [("booked", "sent", 1)] * 2
    assert post.to == ["wang@example.org"] * 2
    assert post.signed_in == [(b"hall", b"p@ss")] * 2
    assert (chinese["From"], chinese["Subject"]) == ("no-reply@hall.example.org", "您在长寿办事大厅的预约")
    assert english["Subject"] == "Your appointment at Changshou hall"
    assert chinese.get_content().startswith("预约成功：")
    assert booked.desk_code in chinese.get_content()
    assert english.get_content().startswith("Booked: ")
    assert [word for word in PERSONAL if word in hall.everything()] == []
    assert "p@ss" not in hall.everything()


def test_a_mail_that_is_put_off_is_sent_again_under_the_same_id(hall: NoticeHall, post: Post) -> None:
    post.answers = ["451 try later"]
    hall.book()
    hall.work()
    (notice,) = hall.notices()
    assert (notice["state"], notice["why"]) == ("waiting", "status 451")
    hall.pass_time(10)
    hall.work()
    assert hall.states() == [("booked", "sent", 2)]
    assert post.mails[0]["Message-ID"] == f"<{hall.id}-{notice['id']}@hall.example.org>"


def test_an_address_that_does_not_exist_is_given_up_at_once(hall: NoticeHall, post: Post) -> None:
    post.answers = ["550 nobody here"]
    hall.book()
    hall.work()
    assert [(one["state"], one["why"]) for one in hall.notices()] == [("failed", "status 550")]


def test_a_wrong_password_and_a_server_that_is_away_are_told(hall: NoticeHall, post: Post) -> None:
    hall.settings(smtp_url=f"smtp://hall:wrong@127.0.0.1:{post.port}")
    hall.book()
    hall.work()
    hall.settings(smtp_url="smtp://127.0.0.1:1")
    hall.book()
    hall.work()
    assert [(one["state"], one["why"]) for one in hall.notices()] == [
        ("waiting", "status 535"),
        ("waiting", "unreachable"),
    ]


def test_a_password_is_not_sent_to_another_machine_in_clear(
    hall: NoticeHall, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "_HERE", ())
    hall.book()
    hall.work()
    assert [one["why"] for one in hall.notices()] == ["not_encrypted"]
    assert post.signed_in == []
