"""Lessons belong to a project; what was said in a review, feedback, how merge requests ended, measurements after that."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.rename_table("lessons", "lessons_of_runs")
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("project_id", sa.Integer, nullable=False, index=True),
        sa.Column("verb", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.UniqueConstraint("project_id", "verb", "text", "note_id"),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO lessons (project_id, verb, text, note_id, source, created) "
        "SELECT runs.project_id, old.verb, old.text, old.note_id, '!' || runs.merge_request, old.created "
        "FROM lessons_of_runs AS old JOIN runs ON runs.id = old.run_id "
        "WHERE runs.merge_request IS NOT NULL "
        "GROUP BY runs.project_id, old.verb, old.text, old.note_id ORDER BY old.created"
    )
    op.drop_table("lessons_of_runs")
    op.create_table(
        "remarks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("project_id", sa.Integer, nullable=False),
        sa.Column("iid", sa.Integer, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("taken_by", sa.String),
        sa.Column("meaning", sa.JSON),
    )
    op.create_index("ix_remarks_place", "remarks", ["project_id", "iid"])
    op.create_table(
        "feedback",
        sa.Column("project_id", sa.Integer, primary_key=True),
        sa.Column("awarded_id", sa.String, primary_key=True),
        sa.Column("user_id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("run_id", sa.String, nullable=False, index=True),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "uploads",
        sa.Column("project_id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("markdown", sa.String, nullable=False),
    )
    op.create_table(
        "checks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("run_id", sa.String, sa.ForeignKey("runs.id"), nullable=False, index=True),
        sa.Column("sha", sa.String, nullable=False),
        sa.Column("occasion", sa.String, nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("scorecard", sa.String),
        sa.Column("created", sa.Float, nullable=False),
    )
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("ending", sa.String))
        table.add_column(sa.Column("planned", sa.Integer))
        table.add_column(sa.Column("minutes", sa.Float))


def downgrade() -> None:
    with op.batch_alter_table("runs") as table:
        for column in ("ending", "planned", "minutes"):
            table.drop_column(column)
    for table_name in ("checks", "uploads", "feedback", "remarks", "lessons"):
        op.drop_table(table_name)
    op.create_table(
        "lessons",
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("verb", sa.String, primary_key=True),
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("note_id", sa.Integer, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
