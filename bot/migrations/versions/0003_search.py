"""What a search paid, saw and decided: exchanges with models, first looks, fates of candidates."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "exchanges",
        sa.Column("iteration_id", sa.String, primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("request", sa.String, nullable=False),
        sa.Column("response", sa.String, nullable=False),
        sa.Column("usage", sa.JSON, nullable=False),
        sa.Column("usd", sa.Float),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_table(
        "glances",
        sa.Column("iteration_id", sa.String, primary_key=True),
        sa.Column("changes", sa.String, primary_key=True),
        sa.Column("scorecard", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "fates",
        sa.Column("iteration_id", sa.String, primary_key=True),
        sa.Column("candidate", sa.String, primary_key=True),
        sa.Column("parent", sa.String),
        sa.Column("fate", sa.String, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    for table in ("fates", "glances", "exchanges"):
        op.drop_table(table)
