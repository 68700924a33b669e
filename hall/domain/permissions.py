"""Who may do what: the one table. docs/permissions.md is checked against it."""

from __future__ import annotations

from typing import Final

_CLERK: Final = frozenset({"issue", "serve", "board", "see_waiting"})
_MANAGER: Final = _CLERK | {"override", "call_any", "configure", "reports", "import"}

#: role of staff or programs → permissions
ROLES: Final[dict[str, frozenset[str]]] = {
    "clerk": _CLERK,
    "officer": frozenset({"issue", "board", "cases"}),
    "manager": _MANAGER,
    "admin": frozenset({"board", "configure", "staff", "devices", "tokens", "privacy"}) | _MANAGER,
    # a city portal's program: brings appointments, and sees nothing
    "portal": frozenset({"import"}),
    "auditor": frozenset({"board", "audit"}),
}

#: kind of device → permissions
DEVICES: Final[dict[str, frozenset[str]]] = {
    "kiosk": frozenset({"issue"}),
    "display": frozenset({"board", "show"}),
    # at a window: rates the number that was served there
    "pad": frozenset({"rate"}),
}

PERMISSIONS: Final = frozenset().union(*ROLES.values(), *DEVICES.values())
