"""The web application. The only file that knows every page package."""

from __future__ import annotations

import re
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

import display.mirror
import display.pages
import display.views
import hall.console.appointments
import hall.console.pages
import hall.console.views
import hall.console.windows
import hall.desk.card
import hall.desk.case
import hall.desk.case_person
import hall.desk.doorstep
import hall.desk.officers
import hall.desk.opening
import hall.desk.pages
import hall.desk.results
import hall.desk.rounds
import hall.desk.today
import hall.desk.tracking
import hall.desk.visits
import hall.office.audit
import hall.office.description
import hall.office.pages
import hall.office.people
import hall.office.planning
import hall.office.privacy
import hall.office.ratings
import hall.office.reports
import hall.office.trials
import hall.office.views
import hall.office.webhooks
import kiosk.booking
import kiosk.own_appointment
import kiosk.pages
import kiosk.phone
import kiosk.readers
import kiosk.views
import kiosk.wall
from hall import logs
from hall.bootstrap import Sanban, build
from hall.settings import Settings
from hall.web import (
    access,
    account,
    api,
    booking,
    errors,
    health,
    limits,
    measure,
    nearby,
    openid,
    proxies,
    second,
    security,
    sign_in,
    texts,
)
from hall.web.live import Live

#: bytes; the largest honest request is a note of 500 characters
_LONGEST_BODY = 64 * 1024
_PAGES: tuple[Any, ...] = (
    kiosk.pages,
    kiosk.phone,
    kiosk.readers,
    kiosk.wall,
    kiosk.booking,
    kiosk.own_appointment,
    display.pages,
    display.mirror,
    hall.console.pages,
    hall.console.appointments,
    hall.console.windows,
    hall.office.pages,
    hall.office.reports,
    hall.office.ratings,
    hall.office.planning,
    hall.office.trials,
    hall.office.description,
    hall.office.people,
    hall.office.privacy,
    hall.office.audit,
    hall.office.webhooks,
    hall.desk.pages,
    hall.desk.today,
    hall.desk.opening,
    hall.desk.case,
    hall.desk.case_person,
    hall.desk.tracking,
    hall.desk.officers,
    hall.desk.results,
    hall.desk.card,
    hall.desk.visits,
    hall.desk.rounds,
    hall.desk.doorstep,
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def create_app(sanban: Sanban | None = None) -> Flask:
    """The application of one web process, its pump running."""
    if sanban is None:
        logs.configure("web")
        logs.mask_greenlets()
        sanban = build(Settings.load())
    app = api.create_app("hall.web", template_folder="templates", static_folder="static")
    https = (sanban.settings.public_url or "").startswith("https://")
    app.config.update(
        SECRET_KEY=sanban.settings.secret_key,
        MAX_CONTENT_LENGTH=_LONGEST_BODY,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_NAME=access.cookie_name("session", https),
        TRUSTED_HOSTS=security.known_hosts(sanban.settings.public_url, sanban.settings.bind),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no referrer, so that the address of a ticket stays on it.
        WTF_CSRF_SSL_STRICT=False,
    )
    measure.register(app)
    app.before_request(_name_request)
    errors.register(app)
    texts.register(app)
    limits.register(app, sanban)
    access.register(app, sanban)
    api.register(app)
    for module in (health, nearby, sign_in, openid, account, second, *_PAGES):
        app.register_blueprint(module.bp)
    booking.register(app)
    openid.register(app, sanban)
    security.register(app, https)
    live = Live(sanban)
    live.audience(kiosk.views.KIOSK)
    live.audience(display.views.BOARD)
    live.audience(hall.console.views.FLOOR)
    live.audience(hall.office.views.OFFICE)
    access.require_declared(app)
    live.register(app)
    app.wsgi_app = proxies.Proxies(app.wsgi_app, sanban.settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _name_request() -> Response | None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    # What the request logs carries its name; the next one on this connection writes over it.
    structlog.contextvars.bind_contextvars(request=g.request_id)
    return None
