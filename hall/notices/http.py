"""One request to a gateway: few seconds, a small answer, no redirect, nothing in a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SlowAnswer

from hall.notices.message import NotDelivered

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
    sent = {name: value.encode() for name, value in headers.items()}
    until = time.monotonic() + SECONDS
    try:
        with requests.request(
            method, url, headers=sent, timeout=SECONDS, allow_redirects=False, stream=True, auth=_AsGiven(), **what
        ) as answer:
            _check(answer.status_code)
            return _read(answer, until)
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
