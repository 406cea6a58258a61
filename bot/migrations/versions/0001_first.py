"""The first tables: runs, iterations, candidates, events, lessons."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("project_id", sa.Integer, nullable=False, index=True),
        sa.Column("project_path", sa.String, nullable=False),
        sa.Column("thread", sa.JSON, nullable=False),
        sa.Column("requester", sa.String, nullable=False),
        sa.Column("target", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("base_sha", sa.String),
        sa.Column("branch", sa.String),
        sa.Column("merge_request", sa.Integer, index=True),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("ended", sa.Float),
    )
    op.create_table(
        "iterations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("run_id", sa.String, sa.ForeignKey("runs.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("remark", sa.String, nullable=False),
        sa.Column("winner", sa.String),
        sa.Column("head_sha", sa.String),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("ended", sa.Float),
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("iteration_id", sa.String, sa.ForeignKey("iterations.id"), nullable=False, index=True),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("rationale", sa.Text, nullable=False),
        sa.Column("ingredients", sa.JSON, nullable=False),
        sa.Column("changes", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("ratio", sa.Float),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("scorecard", sa.String),
    )
    op.create_table(
        "events",
        sa.Column("iteration_id", sa.String, primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "lessons",
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("verb", sa.String, primary_key=True),
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in ("lessons", "events", "candidates", "iterations", "runs"):
        op.drop_table(table)
