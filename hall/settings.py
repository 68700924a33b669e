"""The environment, read once and strictly: a typing error must not become a default."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from hall.domain.limits import LIMITS, Limit, parse_limits
from hall.domain.openid import OpenId, parse_openid
from hall.domain.permissions import ROLES
from hall.domain.setting_names import NAMES, SECRETS

Network = IPv4Network | IPv6Network


class SettingsError(ValueError):
    """A setting that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path
    secret_key: bytes
    bind: str = "127.0.0.1:8000"
    public_url: str | None = None
    #: None: in the data directory
    key_ring_file: Path | None = None
    #: None: the embedded server
    redis_url: str | None = None
    store_copies: int = 0
    jobs_url: str | None = None
    archive_url: str | None = None
    web_workers: int = 2
    #: a retired wrapping key is kept as long as backups that need it
    backup_days: int = 30
    #: None: nobody is told
    metrics_bind: str | None = None
    #: None: none makes itself
    backup_dir: Path | None = None
    backup_hours: int = 24
    #: a session of staff ends after so long without a request, and after so long at all
    session_idle_minutes: int = 60
    session_hours: int = 12
    trusted_proxies: tuple[Network, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    sms_url: str | None = None
    sms_token: str | None = None
    smtp_url: str | None = None
    webhook_url: str | None = None
    webhook_key: str | None = None
    webhook_networks: tuple[Network, ...] = ()
    #: None: staff have passwords alone
    openid: OpenId | None = None
    #: roles that need a second factor
    second_factor: frozenset[str] = frozenset()

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; makes the data directory and the key at the first start."""
        env = os.environ if env is None else env
        _refuse_unknown(env)
        data_dir = Path(env.get("SANBAN_DATA_DIR") or "var").absolute()
        _make_directory(data_dir)
        return cls(
            data_dir=data_dir,
            secret_key=_secret_key(env, data_dir),
            key_ring_file=Path(ring).absolute() if (ring := env.get("SANBAN_KEY_RING")) else None,
            bind=_bind(env.get("SANBAN_BIND") or "127.0.0.1:8000"),
            public_url=_public_url(env.get("SANBAN_PUBLIC_URL")),
            redis_url=_value(env, "SANBAN_REDIS_URL"),
            store_copies=_count(env, "SANBAN_STORE_COPIES", 5) or 0,
            jobs_url=_value(env, "SANBAN_JOBS_URL"),
            archive_url=_value(env, "SANBAN_ARCHIVE_URL"),
            web_workers=_count(env, "SANBAN_WEB_WORKERS", 64) or min(os.cpu_count() or 1, 8),
            backup_days=_count(env, "SANBAN_BACKUP_DAYS", 3650) or 30,
            metrics_bind=_bind(given, "SANBAN_METRICS_BIND") if (given := env.get("SANBAN_METRICS_BIND")) else None,
            backup_dir=Path(given).absolute() if (given := env.get("SANBAN_BACKUP_DIR")) else None,
            backup_hours=_count(env, "SANBAN_BACKUP_HOURS", 24 * 7) or 24,
            session_idle_minutes=_count(env, "SANBAN_SESSION_IDLE_MINUTES", 24 * 60) or 60,
            session_hours=_count(env, "SANBAN_SESSION_HOURS", 24 * 7) or 12,
            trusted_proxies=_networks(env, "SANBAN_TRUSTED_PROXIES"),
            limits=_limits(env.get("SANBAN_LIMITS")),
            sms_url=_url(env, "SANBAN_SMS_URL", ("http", "https")),
            sms_token=_value(env, "SANBAN_SMS_TOKEN"),
            smtp_url=_url(env, "SANBAN_SMTP_URL", ("smtp", "smtps")),
            webhook_url=_url(env, "SANBAN_WEBHOOK_URL", ("http", "https")),
            webhook_key=_webhook_key(env),
            webhook_networks=_networks(env, "SANBAN_WEBHOOK_NETWORKS"),
            openid=_openid(env),
            second_factor=_roles(env, "SANBAN_SECOND_FACTOR"),
        )

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the pages."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "[::]") else self.host  # noqa: S104 - compared, not bound
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def key_ring(self) -> Path:
        return self.key_ring_file or self.data_dir / "key_ring"

    @property
    def print_dir(self) -> Path:
        """The files of printers of kind `file`."""
        return self.data_dir / "print"

    @property
    def archive(self) -> str:
        return self.archive_url or f"sqlite:///{self.data_dir / 'archive.sqlite'}"


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = set(NAMES) | {f"{name}_FILE" for name in SECRETS}
    for name in sorted(env):
        if name.startswith("SANBAN_") and name not in known:
            raise SettingsError(f"{name} is not a setting of Sanban; docs/settings.md lists them all")


def _value(env: Mapping[str, str], name: str) -> str | None:
    path = env.get(f"{name}_FILE")
    if path is None:
        return env.get(name) or None
    if env.get(name):
        raise SettingsError(f"{name} and {name}_FILE are both set; keep one")
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name}_FILE: {path} is not a text") from error


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    """The text of a refusal never holds the address: it may be a secret."""
    text = _value(env, name)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        fine = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise SettingsError(f"{name} is not like {schemes[-1]}://host.example.org")
    return text


def _webhook_key(env: Mapping[str, str]) -> str | None:
    """Who is told of people must be able to know that it is us who tell."""
    key = _value(env, "SANBAN_WEBHOOK_KEY")
    if key is None and _value(env, "SANBAN_WEBHOOK_URL") is None:
        return None
    return _long_enough(key or "", "SANBAN_WEBHOOK_KEY").decode()


def _openid(env: Mapping[str, str]) -> OpenId | None:
    names = ("ISSUER", "CLIENT", "SECRET", "CLAIM", "ONLY")
    try:
        return parse_openid({name: _value(env, f"SANBAN_OPENID_{name}") for name in names})
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A name of its own: all processes of an installation start at once.
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise SettingsError(f"SANBAN_DATA_DIR: cannot write to {path}: {error.strerror}") from error


def _secret_key(env: Mapping[str, str], data_dir: Path) -> bytes:
    """The installation's key: given, or made once. Who loses it loses tokens and personal data."""
    given = _value(env, "SANBAN_SECRET_KEY")
    if given is not None:
        return _long_enough(given, "SANBAN_SECRET_KEY")
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _make_key(path)
        return _long_enough(path.read_text("utf-8").strip(), str(path))
    except OSError as error:
        raise SettingsError(f"SANBAN_SECRET_KEY: cannot use {path}: {error.strerror}") from error


def _long_enough(key: str, where: str) -> bytes:
    if len(key) < 32:
        raise SettingsError(f"{where} must have at least 32 characters")
    return key.encode()


def _make_key(path: Path) -> None:
    """Of two processes that start at once, one makes the key and both read it: a link is made whole or not at all."""
    handle, name = tempfile.mkstemp(prefix="secret_key.", dir=path.parent)  # readable by its owner alone
    draft = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # the other one was faster
    finally:
        draft.unlink()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9


def _bind(text: str, name: str = "SANBAN_BIND") -> str:
    host, colon, port = text.rpartition(":")
    if not (colon and host and _is_number(port) and 0 < int(port) < 65536):
        raise SettingsError(f"{name}: {text!r} is not like 127.0.0.1:8000")
    return text


def _public_url(text: str | None) -> str | None:
    if not text:
        return None
    if not text.startswith(("http://", "https://")):
        raise SettingsError(f"SANBAN_PUBLIC_URL: {text!r} is not like https://hall.example.org")
    return text.rstrip("/")


def _networks(env: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in env.get(name, "").split(",") if one.strip())
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from error


def _roles(env: Mapping[str, str], name: str) -> frozenset[str]:
    given = frozenset(one.strip() for one in env.get(name, "").split(",") if one.strip())
    if unknown := sorted(given - set(ROLES)):
        raise SettingsError(f"{name}: {unknown[0]!r} is no role; there are {', '.join(ROLES)}")
    return given


def _limits(text: str | None) -> Mapping[str, Limit]:
    try:
        return parse_limits(text or "")
    except ValueError as error:
        raise SettingsError(f"SANBAN_LIMITS: {error}") from error


def _count(env: Mapping[str, str], name: str, most: int) -> int | None:
    text = env.get(name)
    if not text:
        return None
    if not (_is_number(text) and 0 < int(text) <= most):
        raise SettingsError(f"{name}: {text!r} is not a number from 1 to {most}")
    return int(text)
