"""Our tables. What they mean stands in DESIGN §11: a run has iterations, an iteration candidates and events, in order."""

import sqlalchemy as sa

metadata = sa.MetaData()

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # the workflow id of its first iteration
    sa.Column("project_id", sa.Integer, nullable=False, index=True),
    sa.Column("project_path", sa.String, nullable=False),
    sa.Column("thread", sa.JSON, nullable=False),  # where the command stood: kind, iid, note, discussion, confidential
    sa.Column("requester", sa.String, nullable=False),
    sa.Column("target", sa.String),
    sa.Column("state", sa.String, nullable=False),  # bot/lifecycle.py says which may follow which
    sa.Column("base_sha", sa.String),
    sa.Column("branch", sa.String),
    sa.Column("merge_request", sa.Integer, index=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("ended", sa.Float),
    sa.Column("ending", sa.String),  # of the merge request: approved | merged | closed
    sa.Column("planned", sa.Integer),  # candidates at most
    sa.Column("minutes", sa.Float),  # budget
    sa.Column("options", sa.JSON),  # of its command: sizes, claim, agents ...
    sa.Column("stopped_by", sa.String),  # the request that cancelled it
)

iterations = sa.Table(
    "iterations",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # its workflow id
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("remark", sa.String, nullable=False, default=""),
    sa.Column("winner", sa.String),  # candidate id
    sa.Column("head_sha", sa.String),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("ended", sa.Float),
)

candidates = sa.Table(
    "candidates",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # <iteration>:<number>
    sa.Column("iteration_id", sa.ForeignKey("iterations.id"), nullable=False, index=True),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("rationale", sa.Text, nullable=False),
    sa.Column("ingredients", sa.JSON, nullable=False),
    sa.Column("changes", sa.String, nullable=False),  # blob: the changed files
    sa.Column("outcome", sa.String),
    sa.Column("ratio", sa.Float),
    sa.Column("reasons", sa.JSON, nullable=False, default=list),
    sa.Column("scorecard", sa.String),  # blob
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("iteration_id", sa.String, primary_key=True),
    sa.Column("step", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)

lessons = sa.Table(
    "lessons",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("project_id", sa.Integer, nullable=False, index=True),
    sa.Column("verb", sa.String, nullable=False),  # avoid | prefer | remark
    sa.Column("text", sa.String, nullable=False),
    sa.Column("note_id", sa.Integer, nullable=False),  # each note that says it is a row: so often it was confirmed
    sa.Column("source", sa.String, nullable=False),  # "!5": where
    sa.Column("created", sa.Float, nullable=False),
    sa.UniqueConstraint("project_id", "verb", "text", "note_id"),
    sqlite_autoincrement=True,  # a number that people were shown never names another lesson
)

remarks = sa.Table(
    "remarks",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # of its request
    sa.Column("project_id", sa.Integer, nullable=False),
    sa.Column("iid", sa.Integer, nullable=False),  # of the merge request
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("taken_by", sa.String),  # the iteration that answers it
    sa.Column("meaning", sa.JSON),  # what it asks for, by verb; empty where it asks for nothing
    sa.Index("ix_remarks_place", "project_id", "iid"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("project_id", sa.Integer, primary_key=True),
    sa.Column("awarded_id", sa.String, primary_key=True),  # the note, or "" for the merge request itself
    sa.Column("user_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),  # thumbsup | thumbsdown
    sa.Column("run_id", sa.String, nullable=False, index=True),
    sa.Column("created", sa.Float, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("project_id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("markdown", sa.String, nullable=False),  # how GitLab wants it written
)

checks = sa.Table(
    "checks",
    metadata,
    sa.Column("id", sa.String, primary_key=True),  # its workflow id
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("sha", sa.String, nullable=False),  # what was measured
    sa.Column("occasion", sa.String, nullable=False),  # pushed | merged | schedule
    sa.Column("holds", sa.Boolean, nullable=False),
    sa.Column("scorecard", sa.String),  # blob
    sa.Column("created", sa.Float, nullable=False),
)

exchanges = sa.Table(
    "exchanges",
    metadata,
    sa.Column("iteration_id", sa.String, primary_key=True),
    sa.Column("step", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("request", sa.String, nullable=False),  # blob, masked
    sa.Column("response", sa.String, nullable=False),  # blob, masked
    sa.Column("usage", sa.JSON, nullable=False),
    sa.Column("usd", sa.Float),  # null: the price is not known
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("error", sa.Text, nullable=False),  # "" where it was answered
)

glances = sa.Table(
    "glances",
    metadata,
    sa.Column("iteration_id", sa.String, primary_key=True),
    sa.Column("changes", sa.String, primary_key=True),  # blob: the changed files that were looked at
    sa.Column("scorecard", sa.String, nullable=False),  # blob
    sa.Column("at", sa.Float, nullable=False),
)

fates = sa.Table(
    "fates",
    metadata,
    sa.Column("iteration_id", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, primary_key=True),  # "" tells of the search itself
    sa.Column("parent", sa.String),
    sa.Column("fate", sa.String, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)
