"""Which papers of which portal a meeting came from.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("portal", sa.String(length=160), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_papers_meeting_id_meetings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("portal", "source_id", name=op.f("pk_papers")),
    )
    op.create_index(op.f("ix_papers_meeting_id"), "papers", ["meeting_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_meeting_id"), table_name="papers")
    op.drop_table("papers")
