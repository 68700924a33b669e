"""One request to a gateway, or an event to a webhook: few seconds, a small answer, no redirect, nothing in a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SlowAnswer

from hall.notices import guard
from hall.notices.message import NotDelivered
from hall.settings import Network

#: for connecting, for each pause of the answer, and for all of it
SECONDS: float = 5.0
_LONGEST: Final = 64 * 1024
#: the gateway understood, and will say the same again
_FINAL: Final = (400, 410, 413, 415, 422)

# It would write addresses, which may hold numbers, of answers it cannot read.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class _AsGiven(AuthBase):
    """No password of a .netrc on this machine."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def ask(method: str, url: str, headers: Mapping[str, str], **what: Any) -> bytes:
    """The answer's body when the status is 2xx. Raises `NotDelivered`."""
    until = time.monotonic() + SECONDS
    with requests.Session() as session:
        return _ask(session, method, url, headers, lambda answer: _read(answer, until), **what)


def tell(url: str, headers: Mapping[str, str], body: bytes, networks: Sequence[Network]) -> None:
    """POST to an address that somebody in the office wrote down, and to no other kind than `guard` allows; what the
    answer says besides its status is not read. Over after twice `SECONDS` at most. Raises `NotDelivered`."""
    until = time.monotonic() + 2 * SECONDS
    with guard.session(networks, 2 * SECONDS) as session:
        try:
            _ask(session, "POST", url, headers, lambda _: b"", data=body)
        except NotDelivered as fault:
            if fault.why == "unreachable" and time.monotonic() >= until:
                raise NotDelivered("timeout") from None  # it was cut
            raise


def _ask(
    session: requests.Session,
    method: str,
    url: str,
    headers: Mapping[str, str],
    read: Callable[[requests.Response], bytes],
    **what: Any,
) -> bytes:
    sent = {name: value.encode() for name, value in headers.items()}
    try:
        with session.request(
            method, url, headers=sent, timeout=SECONDS, allow_redirects=False, stream=True, auth=_AsGiven(), **what
        ) as answer:
            _check(answer.status_code)
            return read(answer)
    except (requests.Timeout, SlowAnswer):
        raise NotDelivered("timeout") from None
    except (requests.RequestException, HTTPError):
        # Its text may hold the address.
        raise NotDelivered("unreachable") from None


def _check(status: int) -> None:
    if not 200 <= status < 300:
        raise NotDelivered(f"status {status}", final=status in _FINAL)


def _read(answer: requests.Response, until: float) -> bytes:
    body = b""
    # What has come so far, each time: `iter_content` would wait for a piece to be full.
    while piece := answer.raw.read1(4096, decode_content=True):
        body += piece
        if time.monotonic() > until:
            raise NotDelivered("timeout")
        if len(body) > _LONGEST:
            raise NotDelivered("answer")
    return body
