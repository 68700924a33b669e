"""What a window is told of the cases of whoever stands there."""

from __future__ import annotations

from pydantic import BaseModel

from hall.web.api.case_models import Kind


class CaseOfTicket(BaseModel):
    """`officer`: the name of whoever looks after it."""

    id: str
    kind: Kind
    officer: str


class CasesOfTicket(BaseModel):
    cases: list[CaseOfTicket]
