"""Builds the services from the settings. Every process and every test starts here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hall.services.access import Access
from hall.services.alarms import AlarmWatch
from hall.services.appointments import Appointments
from hall.services.audit_log import AuditLog
from hall.services.backups import Backups
from hall.services.calls import Calls
from hall.services.case_lists import CaseLists
from hall.services.case_tickets import CaseTickets
from hall.services.cases import Cases
from hall.services.days import Days
from hall.services.doors import Doors
from hall.services.doorstep import Doorstep
from hall.services.halls import Halls
from hall.services.helping import Helping
from hall.services.key_ring import KeyRing
from hall.services.moves import Moves, wall_clock
from hall.services.nearby import Nearby
from hall.services.notices import Notices
from hall.services.office import Office
from hall.services.openid import Identities
from hall.services.paper import Papers
from hall.services.people import People
from hall.services.printing import Printing
from hall.services.privacy import Privacy
from hall.services.ratings import Ratings
from hall.services.reports import Reports
from hall.services.rotation import Rotation
from hall.services.screens import Screens
from hall.services.second import SecondFactor
from hall.services.secrets import Secrets
from hall.services.slips import Slips
from hall.services.slots import Slots
from hall.services.tickets import Tickets
from hall.services.timers import Timers
from hall.services.visits import Visits
from hall.services.voice import Voices
from hall.services.waits import Waits
from hall.services.webhooks import Webhooks
from hall.services.windows import Windows
from hall.settings import Settings
from hall.store.connect import connect
from hall.store.store import Store
from hall.voice.clips import Clips


@dataclass(frozen=True, slots=True)
class Sanban:
    """One installation, ready to use."""

    settings: Settings
    store: Store
    halls: Halls
    secrets: Secrets
    people: People
    privacy: Privacy
    rotation: Rotation
    days: Days
    slots: Slots
    appointments: Appointments
    tickets: Tickets
    calls: Calls
    windows: Windows
    timers: Timers
    waits: Waits
    access: Access
    doors: Doors
    identities: Identities
    second: SecondFactor
    papers: Papers
    slips: Slips
    printing: Printing
    voices: Voices
    notices: Notices
    webhooks: Webhooks
    helping: Helping
    screens: Screens
    nearby: Nearby
    reports: Reports
    audit: AuditLog
    office: Office
    alarms: AlarmWatch
    ratings: Ratings
    cases: Cases
    case_lists: CaseLists
    case_tickets: CaseTickets
    visits: Visits
    doorstep: Doorstep
    backups: Backups


def build(settings: Settings, clock: Callable[[], int] = wall_clock) -> Sanban:
    """Connect to the store that `settings.redis_url` names."""
    url = settings.redis_url
    if url is None:
        raise ValueError("the embedded store must be started first; its URL is passed as SANBAN_REDIS_URL")
    embedded = settings.data_dir if url.startswith("unix://") else None
    store = Store(connect(url, retries=False), connect(url, retries=True), embedded, settings.store_copies)
    halls = Halls(store, {}, settings.print_dir)
    moves = Moves(store, halls, clock)
    secrets = Secrets(settings.secret_key, KeyRing(settings.key_ring))
    access = Access(store, settings.secret_key)
    waits = Waits(store, halls)
    doors = Doors(access, settings.session_idle_minutes * 60, settings.session_hours * 3600)
    papers = Papers(moves, secrets, access, settings.public_url, waits.for_ticket)
    slips = Slips(moves, papers)
    cases, tickets = Cases(moves, secrets), Tickets(moves, secrets)
    return Sanban(
        settings=settings,
        store=store,
        halls=halls,
        secrets=secrets,
        people=People(store, secrets),
        privacy=Privacy(moves, secrets),
        rotation=Rotation(store, secrets),
        days=Days(moves),
        slots=Slots(moves),
        appointments=Appointments(moves, secrets),
        tickets=tickets,
        calls=Calls(moves),
        windows=Windows(moves),
        timers=Timers(moves),
        waits=waits,
        access=access,
        doors=doors,
        identities=Identities(access, doors, settings.openid),
        second=SecondFactor(access, doors, settings.secret_key, settings.second_factor),
        papers=papers,
        slips=slips,
        printing=Printing(papers, slips, settings.print_dir),
        voices=Voices(moves, access, Clips(settings.data_dir)),
        notices=Notices(moves, secrets, settings),
        webhooks=Webhooks(moves, secrets, settings),
        helping=Helping(moves, access),
        screens=Screens(moves, access),
        nearby=Nearby(moves, waits),
        cases=cases,
        case_lists=CaseLists(cases),
        case_tickets=CaseTickets(cases, tickets),
        visits=Visits(cases),
        doorstep=Doorstep(Visits(cases)),
        reports=Reports(halls, settings.archive),
        audit=AuditLog(halls, settings),
        office=Office(moves),
        alarms=AlarmWatch(moves, access, CaseLists(cases)),
        ratings=Ratings(moves, secrets),
        backups=Backups(settings, store),
    )
