"""One row a fact, the audit's chain, how far the copy is projected, and checkpoints."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_FACTS = {
    "tickets": {
        "words": "line lane group number issued_line state claim language appointment slip_of rule window hit outcome",
        "texts": "services",
        "moments": "issued_at arrived slot green called_at started_at ended_at",
        "counts": "wait_low wait_high overtaken",
    },
    "calls": {
        "words": "line lane group ticket window rule",
        "texts": "services",
        "moments": "at lead bound",
        "counts": "over passed",
        "flags": "first undone",
    },
    "visits": {
        "words": "line lane group ticket window clerk rule how outcome",
        "texts": "services",
        "moments": "called_at started_at ended_at walk service",
        "flags": "undone",
    },
    "moves": {
        "moments": "at",
        "words": "kind by ticket line window detail",
        "texts": "reason",
    },
    "appointments": {
        "words": "line state person ticket",
        "texts": "services",
        "moments": "slot booked_at ended_at arrived_at late",
        "counts": "changes",
        "marks": "imported",
    },
    "ratings": {
        "words": "line lane group source window",
        "texts": "services items",
        "moments": "at due_at answered_at",
        "counts": "level",
    },
    "spans": {
        "words": "window state clerk",
        "moments": "since till",
    },
    "troubles": {
        "words": "device name state",
        "moments": "since till",
    },
    "alarms": {
        "words": "name by",
        "moments": "since till",
    },
}
_TYPES: dict[str, Any] = {
    "words": sa.String(200),
    "texts": sa.Text(),
    "moments": sa.BigInteger(),
    "counts": sa.Integer(),
    "marks": sa.Boolean(),
    "flags": sa.Boolean(),
}


def _columns(kinds: dict[str, str]) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, _TYPES[kind], nullable=kind != "flags")
        for kind, names in kinds.items()
        for name in names.split()
    ]


def upgrade() -> None:
    op.add_column("entries", sa.Column("mac", sa.String(64)))
    op.add_column("cursors", sa.Column("projected", sa.String(40), nullable=False, server_default="0-0"))
    op.create_table(
        "checkpoints",
        sa.Column("hall", sa.String(64), primary_key=True),
        sa.Column("ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    for name, kinds in _FACTS.items():
        op.create_table(
            name,
            sa.Column("hall", sa.String(64), primary_key=True),
            sa.Column("id", sa.String(64), primary_key=True),
            sa.Column("test", sa.Boolean, nullable=False),
            sa.Column("date", sa.String(10), nullable=False),
            sa.Column("hour", sa.Integer, nullable=False),
            *_columns(kinds),
        )
        op.create_index(f"{name}_by_date", name, ["hall", "date"])


def downgrade() -> None:
    """What is lost is made again from the entries: facts, checkpoints and, with the same key, the same chain."""
    for name in ("checkpoints", *_FACTS):
        op.drop_table(name)
    with op.batch_alter_table("cursors") as table:
        table.drop_column("projected")
    with op.batch_alter_table("entries") as table:
        table.drop_column("mac")
