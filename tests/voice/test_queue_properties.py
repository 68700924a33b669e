"""Whatever clerks and displays do, at whatever moment: a zone hears every call, in order, from one display at a time.
A list of rings and who is speaking are kept here in plain Python, and the real store is held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hall.domain.errors import HallError
from hall.services.voice import LEASE_MS
from tests.voice.floor import Floor

WINDOWS = 5
_MOVES = ["start", "finish", "miss", "undo", "recall"]
steps = st.one_of(
    st.tuples(st.just("call"), st.integers(0, WINDOWS - 2)),
    st.tuples(st.sampled_from(_MOVES), st.integers(0, WINDOWS - 2)),
    st.tuples(st.just("ask"), st.sampled_from(["left", "right"])),
    st.tuples(st.just("done"), st.sampled_from(["left", "right"])),
    st.tuples(st.just("later"), st.sampled_from([0, 1, 7, 40])),
)


@dataclass
class Heard:
    """What the zone should hear; the rings come from the journal alone."""

    floor: Floor
    rings: dict[str, Any] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    speaker: str = ""
    until: int = 0

    def waiting(self) -> list[str]:
        """Rings that should be spoken, the next one first."""
        state = self.floor.hall.snapshot()
        rings = [entry for entry in self.floor.hall.journal() if entry.kind in ("called", "recalled")]
        live = []
        for place, entry in enumerate(rings):
            ticket = state.tickets.get(entry.ticket["id"])
            now = ticket and (ticket["state"], ticket["calls"], ticket.get("window"))
            if now == ("called", entry.ticket["calls"], entry.window["id"]) and entry.id not in self.spoken:
                patient = self.tries.get(entry.id, 0) >= 3
                live.append((patient, entry.kind != "recalled", place, entry.id))
        return [one[-1] for one in sorted(live)]

    def ask(self, display: str) -> str | None:
        expected = self.waiting()
        taken = self.speaker not in ("", display) and self.until > self.floor.hall.now
        spoken = self.floor.given_to(display)
        assert self.floor.speaks is not taken, "two displays speak at once, or none may"
        if taken:
            assert spoken is None
            return None
        self.speaker, self.until = display, self.floor.hall.now + LEASE_MS
        assert (spoken.ring.id if spoken else None) == (expected[0] if expected else None)
        if spoken is None:
            return None
        self._check_load(spoken, len(expected) - 1)
        self.until = self.floor.hall.now + spoken.hold_ms
        self.tries[spoken.ring.id] = self.tries.get(spoken.ring.id, 0) + 1
        return spoken.ring.id

    def _check_load(self, spoken: Any, behind: int) -> None:
        assert spoken.words.sentences, "a call is never left out"
        assert (spoken.words.repeat == 1) == (behind >= 2)
        languages = [one.language for one in spoken.words.sentences]
        assert languages == (["zh"] if behind >= 5 or spoken.ring.language == "zh" else ["zh", "en"])

    def done(self, display: str) -> None:
        given = self.floor.given.get(display)
        if given is None:
            return
        self.floor.done(display)
        if self.speaker == display:
            self.until = self.floor.hall.now + LEASE_MS
        self.spoken.append(given.ring.id)


def play(heard: Heard, name: str, what: Any) -> None:
    floor = heard.floor
    if name == "call":
        floor.call(what, language="en" if what % 2 else "zh")
    elif name == "later":
        floor.later(what)
    elif name in ("ask", "done"):
        getattr(heard, name)(what)
    else:
        try:
            getattr(floor.hall.calls, name)(floor.hall.caller(), floor.hall.id, f"w{what}")
        except HallError:
            return  # not legal now: nothing happened


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=30))
def test_every_call_is_spoken_in_order_by_one_display_at_a_time(
    make_floor: Callable[..., Floor], script: list[tuple[str, Any]]
) -> None:
    heard = Heard(make_floor(WINDOWS))
    for name, what in script:
        play(heard, name, what)
    left = heard.waiting()
    heard.floor.later(120)
    for _ in range(3 * WINDOWS):
        if heard.ask("left") is None:
            break
        heard.done("left")
    assert heard.waiting() == [], "it does not drain"
    assert set(left) <= set(heard.spoken)
    announced = [(e.ticket["id"], e.ticket["calls"]) for e in heard.floor.kinds("announced")]
    assert len(announced) == len(set(announced)), "a ring is twice in the journal"
    # a late word about a ring that another one has replaced says nothing any more
    assert len(announced) <= len(set(heard.spoken))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    script=st.lists(st.one_of(st.tuples(st.just("call"), st.integers(0, 3)), st.just(("recall", 0))), max_size=20),
    dies=st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_displays_that_die_in_mid_sentence_lose_no_call(
    make_floor: Callable[..., Floor], script: list[tuple[str, Any]], dies: list[bool]
) -> None:
    heard = Heard(make_floor(WINDOWS))
    for name, what in script:
        play(heard, name, what)
    left = heard.waiting()
    for n, dead in enumerate(dies):
        display = f"display-{n}"
        if heard.ask(display) is None:
            break
        if dead and n < 30:
            heard.floor.later(heard.floor.given[display].hold_ms / 1000)
        else:
            heard.done(display)
            heard.floor.later(LEASE_MS / 1000)
    assert set(heard.spoken) == set(left)
    assert len(heard.spoken) == len(left), "a call that got through is not spoken again"
