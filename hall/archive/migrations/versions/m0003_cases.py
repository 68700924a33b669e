"""One row a case and one a matter of it; which version of the projector made a hall's facts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FACTS = {
    "cases": {
        "words": "kind source group community state owner person",
        "texts": "items",
        "moments": "opened_at closed_at",
        "counts": "visits not_met numbers",
    },
    "case_items": {
        "words": "case kind group community item bundle how state outcome person",
        "moments": "opened_at ended_at",
    },
}
_TYPES: dict[str, Any] = {
    "words": sa.String(200),
    "texts": sa.Text(),
    "moments": sa.BigInteger(),
    "counts": sa.Integer(),
}


def upgrade() -> None:
    """Facts of version 0 are made anew by the archiver, which finds cases in entries of long ago."""
    op.add_column("cursors", sa.Column("facts", sa.Integer, nullable=False, server_default="0"))
    for name, kinds in _FACTS.items():
        op.create_table(
            name,
            sa.Column("hall", sa.String(64), primary_key=True),
            sa.Column("id", sa.String(64), primary_key=True),
            sa.Column("test", sa.Boolean, nullable=False),
            sa.Column("date", sa.String(10), nullable=False),
            sa.Column("hour", sa.Integer, nullable=False),
            *(sa.Column(column, _TYPES[kind]) for kind, columns in kinds.items() for column in columns.split()),
        )
        op.create_index(f"{name}_by_date", name, ["hall", "date"])


def downgrade() -> None:
    """What is lost is made again from the entries. The checkpoints go too: older code cannot read them."""
    op.execute("DELETE FROM checkpoints")
    for name in _FACTS:
        op.drop_table(name)
    with op.batch_alter_table("cursors") as table:
        table.drop_column("facts")
