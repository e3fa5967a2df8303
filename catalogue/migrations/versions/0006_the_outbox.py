"""What waits to reach the search index, and what it holds. Of an index that is there already nothing is known: every
meeting waits.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    outbox = op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdraws", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_outbox_meeting_id")),
    )
    op.create_table(
        "indexed",
        sa.Column("meeting_id", sa.String(length=120), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_indexed")),
    )
    meetings = sa.table("meetings", sa.column("id"), sa.column("created"))
    now = sa.literal(datetime.now(UTC), sa.DateTime(timezone=True))
    waiting = sa.select(meetings.c.id, now, sa.literal(False)).order_by(meetings.c.created, meetings.c.id)
    op.execute(sa.insert(outbox).from_select(["meeting_id", "since", "withdraws"], waiting))


def downgrade() -> None:
    op.drop_table("indexed")
    op.drop_table("outbox")
