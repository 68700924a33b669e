"""Who is asking, and whether they may: every route declares its permission with `@allow`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g, request, session
from flask.globals import request_ctx
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from gevent import get_hub
from gevent.lock import BoundedSemaphore
from gevent.monkey import is_module_patched
from itsdangerous import BadSignature, URLSafeSerializer

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.errors import Forbidden, HallError, SecondFactorMissing, SignInNeeded
from hall.domain.permissions import DEVICES, ROLES
from hall.services import doors
from hall.services.access import Holder

View = TypeVar("View", bound=Callable[..., Any])
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
csrf = CSRFProtect()


class BadRequestKey(HallError):
    """The Idempotency-Key header is empty, too long or not printable."""

    code = "BAD_REQUEST_KEY"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: a member of staff, a device, a program, or nobody."""

    kind: str = "nobody"
    hall: str = ""
    id: str = ""
    role: str = ""
    name: str = ""
    windows: tuple[str, ...] = ()
    #: of staff: the hash of their session
    session: str = ""
    #: of staff: their role needs a second factor, and they have none yet
    unfinished: bool = False

    @property
    def permissions(self) -> frozenset[str]:
        table = DEVICES if self.kind == "device" else ROLES
        return frozenset() if self.unfinished else table.get(self.role, frozenset())

    @property
    def by(self) -> str:
        """How the journal names them."""
        return f"{self.kind}:{self.id}" if self.id else "resident"

    def may(self, permission: str, hall: str | None = None) -> bool:
        return permission in self.permissions and hall in (None, self.hall)


NOBODY = Identity()


class Staff(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """What Flask-Login keeps of a member of staff: hall, id, the generation of their rights, the session's secret."""

    def __init__(
        self, hall_id: str, staff_id: str, record: dict[str, Any], secret: str, unfinished: bool = False
    ) -> None:
        hidden = doors.hidden(secret)
        self.identity = Identity("staff", hall_id, staff_id, record["role"], record["name"], (), hidden, unfinished)
        self._kept = f"{hall_id}|{staff_id}|{record['generation']}|{secret}"

    def get_id(self) -> str:
        return self._kept


class PeoplesSessions(SecureCookieSessionInterface):
    """Sessions of people at browsers. A program shows its token each time and has none: making and saving
    an empty one costs it a tenth of its time."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self.session_class() if "Authorization" in request.headers else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if "Authorization" not in request.headers:
            super().save_session(app, session, response)


def sanban() -> Sanban:
    """The services of this process."""
    return cast(Sanban, current_app.extensions["sanban"])


def allow(permission: str | None) -> Callable[[View], View]:
    """Declare who may call a route; None: everybody, because the address itself is the right or
    there is nothing to protect."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def open_to_all(app: Flask, endpoint: str) -> None:
    """Declare a library's own route (static files, the API's page) as everybody's."""
    view = app.view_functions[endpoint]

    # A bound method cannot carry the mark.
    def marked(**arguments: Any) -> Any:
        return view(**arguments)

    app.view_functions[endpoint] = allow(None)(marked)


def current() -> Identity:
    """Who is asking, found once a request."""
    identity: Identity | None = g.get("identity")
    if identity is None:
        identity = g.identity = _find()
    return identity


def identify_socket(auth: object) -> Identity:
    """Who opens a socket: a program by `{"token": …}`, else by the cookies of the page."""
    if isinstance(auth, dict) and isinstance(auth.get("token"), str):
        holder = sanban().access.program(auth["token"])
        return _program(holder) if holder else NOBODY
    device = auth.get("device") if isinstance(auth, dict) else None
    if isinstance(device, str) and device in DEVICES:
        return device_of(device) or NOBODY
    return _find()


def request_caller() -> Caller:
    """The caller of a move, with the Idempotency-Key of the request."""
    identity = current()
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadRequestKey()
    return Caller(by=identity.by, key=key, clerk=identity.id if identity.kind == "staff" else None)


def _find() -> Identity:
    header = request.headers.get("Authorization", "")
    if header:
        kind, _, token = header.partition(" ")
        holder = sanban().access.program(token.strip()) if kind.lower() == "bearer" else None
        if holder is None:
            raise SignInNeeded()
        return _program(holder)
    # A page says which device it is, so that one browser may try a kiosk and a display at once.
    device = request.headers.get("X-Device") or request.path.split("/")[1]
    found = device_of(device) if device in DEVICES else None
    if found is None and current_user.is_authenticated:
        return cast(Identity, current_user.identity)
    return found or NOBODY


def _program(holder: Holder) -> Identity:
    sanban().doors.use(holder.hall, holder.id)
    return Identity("program", holder.hall, holder.id, holder.role, holder.name, holder.windows)


def cookie_name(name: str, https: bool) -> str:
    """Over HTTPS a browser takes such a cookie from this very host alone, and nobody can plant one."""
    return f"__Host-{name}" if https else name


def _device_cookie(kind: str) -> str:
    return cookie_name(f"sanban_{kind}", cast(bool, current_app.config["SESSION_COOKIE_SECURE"]))


def _cookies() -> URLSafeSerializer:
    return URLSafeSerializer(cast(str, current_app.config["SECRET_KEY"]), salt="device")


def device_of(kind: str) -> Identity | None:
    """The device of a kind this browser is paired as."""
    try:
        hall_id, device_id, secret = _cookies().loads(request.cookies.get(_device_cookie(kind), ""))
    except (BadSignature, ValueError):
        return None
    holder = sanban().access.device(hall_id, device_id, secret)
    if holder is None or holder.role != kind:
        return None
    return Identity("device", holder.hall, holder.id, holder.role, holder.name)


def keep_device(response: Response, holder: Holder, secret: str) -> None:
    """Give a browser the cookie of the device it was paired as."""
    value = _cookies().dumps([holder.hall, holder.id, secret])
    secure = cast(bool, current_app.config["SESSION_COOKIE_SECURE"])
    ten_years = 10 * 365 * 24 * 3600
    name = _device_cookie(holder.role)
    response.set_cookie(name, value, max_age=ten_years, httponly=True, samesite="Lax", secure=secure)


def _check() -> None:
    """Before every request: nothing without a declared permission, a hall only for its own people."""
    request = request_ctx.request  # flask's own `request` looks for it at every use
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return  # no such route: 404 follows
    permission = cast(Any, view).permission  # start-up checked that it is there
    if permission is None:
        return
    identity = current()
    if identity is NOBODY:
        raise SignInNeeded()
    if identity.unfinished:
        raise SecondFactorMissing()
    args = request.view_args or {}
    if not identity.may(permission, args.get("hall")):
        raise Forbidden()
    if identity.windows and args.get("window", identity.windows[0]) not in identity.windows:
        raise Forbidden()
    if identity.kind != "program" and request.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()


def register(app: Flask, services: Sanban) -> None:
    app.extensions["sanban"] = services
    services.doors.slowly = _aside
    app.session_interface = PeoplesSessions()
    csrf.init_app(app)
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def load(user_id: str) -> Staff | None:
        hall_id, staff_id, generation, *secret = user_id.split("|")
        record = services.access.staff(hall_id).get(staff_id)
        if record is None or str(record["generation"]) != generation or len(secret) != 1:
            return None
        if not services.doors.in_session(hall_id, staff_id, doors.hidden(secret[0])):
            return None
        # The organisation's service asks for a second factor itself, if it is to.
        unfinished = services.second.missing(record) and session.get("how") != "openid"
        return Staff(hall_id, staff_id, record, secret[0], unfinished)

    app.before_request(_check)


#: two passwords at once in a process; more wait for their turn
_verifying = BoundedSemaphore(2)


def _aside(verify: Callable[[], bool]) -> bool:
    """In a thread of its own, so that 50 ms of work for one sign-in hold up nobody's call."""
    if not is_module_patched("socket"):
        return verify()  # no server: a test's one thread
    with _verifying:
        return bool(get_hub().threadpool.apply(verify))


def require_declared(app: Flask) -> None:
    """Refuse to start with a route that declares no permission."""
    missing = [
        rule.rule for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]
    if missing:
        raise RuntimeError(f"routes without a declared permission: {missing}")
