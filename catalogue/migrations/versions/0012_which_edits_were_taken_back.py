"""Who took an edit back, when and why. The edit itself stays on record.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edits", sa.Column("taken_back", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edits", sa.Column("taken_back_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("edits", sa.Column("taken_back_why", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute("DELETE FROM edits WHERE taken_back IS NOT NULL")
    op.drop_column("edits", "taken_back_why")
    op.drop_column("edits", "taken_back_by")
    op.drop_column("edits", "taken_back")
