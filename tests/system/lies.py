"""What the provider of the tests can be told to lie about, and how the client is known there."""

from __future__ import annotations

import time
from collections.abc import Callable

Claims = dict[str, object]
#: what a lie makes of the claims of an identity
LIES: dict[str, Callable[[Claims], Claims]] = {
    "nothing": lambda claims: claims,
    "nothing, signed again": lambda claims: claims,
    "nonce": lambda claims: {**claims, "nonce": "of somebody else"},
    "no nonce": lambda claims: {name: one for name, one in claims.items() if name != "nonce"},
    "expired": lambda claims: {**claims, "exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "no end": lambda claims: {name: one for name, one in claims.items() if name != "exp"},
    "audience": lambda claims: {**claims, "aud": ["another-client"]},
    "issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "no claim": lambda claims: {name: one for name, one in claims.items() if name != "preferred_username"},
    "odd claim": lambda claims: {**claims, "preferred_username": ["ann"]},
    "signature": lambda claims: claims,
    "unsigned": lambda claims: claims,
    "our secret": lambda claims: claims,
    "no identity": lambda claims: claims,
}

CLIENT, SECRET = "sanban", "a secret of the client that is long enough"
