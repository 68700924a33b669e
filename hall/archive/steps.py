"""The steps from one version of the archive's schema to the next, as Alembic takes them. Who calls holds the lock."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(sql: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = sql
    return config


def versions() -> list[str]:
    """The oldest first."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return [step.revision for step in steps][::-1]


def forward(sql: Connection, to: str) -> None:
    command.upgrade(_config(sql), to)


def back(sql: Connection, to: str) -> None:
    command.downgrade(_config(sql), to)
