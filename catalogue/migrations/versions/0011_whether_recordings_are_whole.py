"""What a source announces of a recording, what is missing of it, and what the source said when it was fetched.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recordings", sa.Column("announced", sa.Float(), nullable=True))
    op.add_column("recordings", sa.Column("incomplete", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "arrivals",
        sa.Column("recording_id", sa.String(length=140), nullable=False),
        sa.Column("version", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("looked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("growing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_arrivals_recording_id_recordings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_arrivals")),
    )


def downgrade() -> None:
    op.drop_table("arrivals")
    op.drop_column("recordings", "incomplete")
    op.drop_column("recordings", "announced")
