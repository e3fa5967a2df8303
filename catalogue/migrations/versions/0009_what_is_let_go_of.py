"""What is let go of, what is held, and what waits for its captions.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Never by building a table anew: SQLite would delete all that hangs on its rows.
    op.add_column("recordings", sa.Column("retired", sa.Date(), nullable=True))
    op.add_column("recordings", sa.Column("retired_why", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "recordings", sa.Column("text_retired", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "meetings", sa.Column("captions_first", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(length=120), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_holds_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_meeting_id"), "holds", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("holds")
    op.drop_column("meetings", "captions_first")
    for name in ("text_retired", "retired_why", "retired"):
        op.drop_column("recordings", name)
