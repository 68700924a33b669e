"""Every Redis key, with its type and lifetime. Nothing else builds one.

All keys of a hall share its hash tag, so that one script may touch them on a cluster.
The Lua prelude is rendered from `TEMPLATES`: `key_ticket(id)` there is `Keys(hall).of("ticket", id)` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: set of hall ids, for ever
HALLS: Final = "sanban:halls"
#: string, JSON: the last backup that the timer made (at, path, size) and what failed since (tried, error); for ever
BACKUP: Final = "sanban:backup"
#: string: the moment (ms) at which a bucket of a limit is full again, by limit and keyed hash of who; until it is full
LIMIT: Final = "sanban:limit:%s:%s"

#: name → template below the hall's tag; each %s is one argument.
TEMPLATES: Final[dict[str, str]] = {
    # string, JSON: the hall's description as loaded; for ever
    "config": "config",
    # stream: one JSON field `e` an entry; trimmed behind the archive
    "journal": "journal",
    # set of ids of open tickets; a ticket leaves with its end
    "open": "open",
    # string, JSON: one ticket by id; `ticket_days` after its end
    "ticket": "ticket:%s",
    # hash: note, person (keyed hash) of a ticket, which never leave the store with it; `ticket_days` after its end
    "private": "private:%s",
    # hash window id → JSON: state, since, clerk, ticket, undo (what may be taken back), passed; for ever
    "windows": "windows",
    # list, JSON: the last three moves at a window that may be taken back, newest first; until another move
    "undo": "undo:%s",
    # hash clerk → window they sit at; while they sit
    "clerks": "clerks",
    # sorted set of ticket ids: queue and set (priority, general by queue time; booked by slot); while someone waits
    "queue": "queue:%s:%s",
    # hash line → last number of the date; two days
    "counters": "counters:%s",
    # hash number → ticket id of the date; two days
    "numbers": "numbers:%s",
    # hash line of issue → open ticket id, by the person's keyed hash; two days
    "person": "person:%s",
    # hash appointment → ticket id that checked in, by the slot's date; two days
    "checked_in": "checked_in:%s",
    # string, JSON: one appointment by id; `appointment_days` after its slot
    "appointment": "appointment:%s",
    # hash: desk code, external id (keyed hash), print of an imported row, which never leave the store with the
    # appointment; `appointment_days` after its slot
    "booking": "booking:%s",
    # set of appointment ids that hold a place of a slot, by line and slot; two days after it
    "places": "places:%s:%s",
    # sorted set of appointment ids by slot; `appointment_days` after it
    "agenda": "agenda",
    # sorted set of booked appointment ids by slot; until they arrive, are cancelled, or the day closes
    "awaited": "awaited",
    # string: appointment id by desk code; until the day after the slot
    "desk_code": "desk_code:%s",
    # string: appointment id by the external id's keyed hash; `appointment_days` after the slot
    "external": "external:%s",
    # hash: a person's encrypted record (blob), its wrapped key, the keyed hashes that find it (finds; card: of the
    # identity number); until erased
    "record": "record:%s",
    # set of person ids by keyed hash of an identity number or a phone; until erased
    "found": "found:%s",
    # hash person id → id of the record of the same person that was there first; until taken back, or erased
    "same": "same",
    # sorted set of person ids by when their record was needed last, ms; until erased
    "people": "people",
    # sorted set of a person's appointments by slot, cancelled ones left out; `appointment_days` after the last
    "bookings": "bookings:%s",
    # sorted set of a person's no-shows by slot; 400 days
    "no_shows": "no_shows:%s",
    # string, JSON: what a request was answered, by caller and request key; a day
    "request": "request:%s:%s",
    # sorted set of timers by time: slot/<ticket>, unanswered/<ticket>/<calls>,
    # release/<appointment>/<line>/<slot>, reminder/<appointment>; until they fire
    "due": "due",
    # list, JSON: the last 30 rings, newest first; for ever
    "calls": "calls",
    # hash, JSON: `at`, ranges of a newcomer by line (`line/<line>`), of waiting tickets by id; 90 s
    "forecast": "forecast",
    # hash window id → JSON: its last ring; spoken, once a display announced it; for ever
    "rings": "rings",
    # string, JSON: speaker (the display that speaks in a sound zone), until, ring (what it was given); for ever
    "voice": "voice:%s",
    # hash device id → JSON: since; displays whose sound is blocked; until it is not
    "silent": "silent",
    # hash name → JSON: since and facts of an alarm, a call for help (help/<window>) or a message (message/<window>);
    # until it is over
    "notes": "notes",
    # hash window id → JSON: ticket and at (ms), the service that ended there last, for its pad; until the next one
    "served": "served",
    # hash ticket id → rating id, by date; three days
    "rated": "rated:%s",
    # hash rating id → JSON: bad ratings that wait for an answer; until answered
    "follow_ups": "follow_ups",
    # hash device id → when it was last heard of, ms; for ever
    "seen": "seen",
    # hash device id → JSON: from, till (ms), times: when a display last showed an old state, and how often that day;
    # for ever
    "stale": "stale",
    # hash kiosk id → JSON: since, name; kiosks where somebody asked for a person; until one answers
    "help": "help",
    # string, JSON: one case by id, with its items and papers; while it is open, then as long as the hall says
    "case": "case:%s",
    # hash <place in the story>/<name> → ciphertext, under the person's own key; as long as the case
    "case_texts": "case_texts:%s",
    # list, JSON: what happened to a case, in order: kind, at, by, facts; as long as the case
    "case_story": "case_story:%s",
    # sorted set of open cases by their next date; until they are closed
    "cases_open": "cases_open",
    # sorted set of every case by when it was opened; as long as the case
    "cases": "cases",
    # set of the cases of a person; until erased
    "cases_of": "cases_of:%s",
    # string, JSON: one visit by id; `visit_days` after its end
    "visit": "visit:%s",
    # sorted set of every visit by its start; as long as the visit
    "visits": "visits",
    # sorted set of an officer's visits by their start, without cancelled ones; as long as the visit
    "officer_visits": "officer_visits:%s",
    # hash absence id → JSON: officer, from, till; until taken back
    "absences": "absences",
    # hash: next (the sequence that is missing) and, by sequence, JSON actions that came early; for ever
    "doorstep": "doorstep:%s",
    # hash <device>/<sequence> → JSON: refused actions of a doorstep, texts encrypted; until settled
    "conflicts": "conflicts",
    # string: written beside each move that waits for its copies (copies.py); for ever
    "copied": "copied",
    # hash staff id → JSON: name, role, argon2id hash; until removed
    "staff": "staff",
    # hash device id → JSON: kind, name, place, secret hash; until removed
    "devices": "devices",
    # hash token id → JSON: label, role, windows, secret hash; until removed
    "tokens": "tokens",
    # string, JSON: a one-time code by its hash; its own time to live
    "code": "code:%s",
    # hash: count and until (ms) of wrong passwords by hash of account and browser or address; a day after the last
    "wrong": "wrong:%s",
    # string, JSON: staff, at (seconds) of a signed-in browser, by hash of its secret; until it ends or is idle too long
    "session": "session:%s",
    # string: wrong desk codes by kiosk; its own time to live
    "tries": "tries:%s",
    # hash printer id → JSON: state, since; for ever
    "printers": "printers",
    # hash of a ticket: by (the kiosk that took it), copies (reprints asked for), printed/<copy> → JSON: at, ahead,
    # wait; two days
    "paper": "paper:%s",
    # sorted set of <ticket>/<copy> by time: what waits for a printer; until it is printed or dropped
    "unprinted": "unprinted:%s",
    # hash printer id → JSON: at, count, papers (the newest numbers): what was dropped on the last day that something
    # was; for ever
    "dropped": "dropped",
    # string: holder of a lease (follower, archiver, printer/<id>); its own time to live
    "lease": "lease:%s",
    # string, JSON: a notice by id: what, about, state, tries, until, wanted, at; `notice_days`
    "notice": "notice:%s",
    # string: id of the newest notice about appointment/<id> or ticket/<id>; `notice_days`
    "noticed": "noticed:%s",
    # sorted set of notice ids by when they were wanted; `notice_days`
    "notices": "notices",
    # sorted set of notice ids by the time of their next try; until sent or given up
    "outbox": "outbox",
    # hash of a webhook: cursor (the last entry it is done with), event (that is tried), tries, first and at (ms: of the
    # first and the next try), stopped (ms) and why, secret (how many new ones there were), secret_at (ms); until the
    # description has it no more
    "webhook": "webhook:%s",
    # list, JSON: its last events, newest first: id, event, about, state, tries, at, again, why, took, by_hand; as long
    "webhook_log": "webhook_log:%s",
    # list of what was asked for by hand, an entry's id or the name of a test; until tried
    "webhook_wanted": "webhook_wanted:%s",
    # hash: id, turn, kind, question, asked, begun, beat, share of the question of planning that is being answered; an
    # hour after it was touched last
    "planning": "planning",
    # string, JSON: question and answer of planning by kind (trial, staffing); 12 hours
    "planned": "planned:%s",
    # string: last journal id a reader is done with (archiver, printing, notices); ms of the last sweep (privacy) and
    # since when one is due (privacy_since); for ever
    "cursor": "cursor:%s",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one hall."""

    hall_id: str

    @property
    def hall(self) -> str:
        """hash: now, config (version), sequence, appointments and ratings (last ids), epoch, closed_day, stepped (the
        server's time when it fell back, and the hall's then), wrapping (generation of the key that wraps people's
        keys), layout (of the hall's keys, see layout.py); for ever. It is KEYS[1] of every script."""
        return f"hall:{{{self.hall_id}}}"

    def of(self, name: str, *parts: str) -> str:
        """The key called `name` in `TEMPLATES`."""
        return f"{self.hall}:{TEMPLATES[name] % parts}"


def lua_functions() -> str:
    """`key_…` functions for the prelude."""
    functions = []
    for name, template in TEMPLATES.items():
        names = "abc"[: template.count("%s")]
        pieces = template.split("%s")
        body = f"HALL .. ':{pieces[0]}'"
        for argument, piece in zip(names, pieces[1:], strict=True):
            body += f" .. {argument}" + (f" .. '{piece}'" if piece else "")
        functions.append(f"local function key_{name}({', '.join(names)}) return {body} end")
    return "\n".join(functions)
