"""The hall's screen in somebody's hand: what it shows is on the wall for everybody. Works without scripts."""

from __future__ import annotations

from flask import Blueprint, render_template

from hall.services import board
from hall.services.nearby import hours_text
from hall.web.access import allow, sanban

bp = Blueprint("mirror", __name__, template_folder="templates")


@bp.get("/mirror/<hall>")
@allow(None)
def mirror(hall: str) -> str:
    """Current and recent calls, and how many wait."""
    described, state = sanban().halls.get(hall), sanban().store.snapshot(hall)
    current = sorted(board.current_rows(state).values(), key=lambda row: -row["at"])
    shown = {row["number"] for row in current}
    recent = [row for row in board.recent_rows(state).values() if row["number"] not in shown]
    labels = {window.id: window for window in described.windows}
    return render_template(
        "mirror.html",
        hall=described,
        current=[row for row in current if row["window"] in labels],
        recent=list({row["number"]: row for row in recent if row["window"] in labels}.values())[:6],
        windows=labels,
        counts=board.counts(described, state),
        hours=hours_text(described, state.now),
        today=described.on(described.calendar.date_of(state.now)),
        now=state.now,
    )
