"""The journal as it was. The first version made these tables without a migration, so they may be there."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("entries"):
        return
    op.create_table(
        "entries",
        sa.Column("hall", sa.String(64), primary_key=True),
        sa.Column("ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "cursors",
        sa.Column("hall", sa.String(64), primary_key=True),
        sa.Column("last", sa.String(40), nullable=False),
    )
