"""What a run was asked for beyond its target, and which request stopped it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.add_column("runs", sa.Column("options", sa.JSON))
    op.add_column("runs", sa.Column("stopped_by", sa.String))
