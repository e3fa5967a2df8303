"""What is published of an item: attachments, its page, clips, index points.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agenda_items") as batch_op:
        batch_op.add_column(sa.Column("attachments", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("url", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("audio", sa.Text(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("begins", sa.Double(), nullable=True))
    with op.batch_alter_table("recordings") as batch_op:
        batch_op.add_column(sa.Column("item", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("chapters", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("recordings") as batch_op:
        batch_op.drop_column("chapters")
        batch_op.drop_column("item")
    with op.batch_alter_table("agenda_items") as batch_op:
        for name in ("begins", "audio", "url", "attachments"):
            batch_op.drop_column(name)
