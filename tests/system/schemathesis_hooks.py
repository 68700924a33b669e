"""A check of ours for Schemathesis (SCHEMATHESIS_HOOKS): no answer tells how we are made."""

from __future__ import annotations

from typing import Any

import schemathesis

from tests.leaks import told


@schemathesis.check
def tells_nothing_of_us(ctx: Any, response: Any, case: Any) -> None:
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    leaks = told(response.content.decode("utf-8", "replace"), headers)
    assert not leaks, f"the answer tells {leaks}"
