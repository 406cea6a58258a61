"""GitLab's webhook bodies as they come in: lenient about what is missing, strict about what `events` relies on."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[str, Field(max_length=1_024)]
Text = Annotated[str, Field(max_length=1_048_576)]


def _instant(value: Any) -> datetime | None:
    """GitLab writes `2015-05-17 18:08:09 UTC` or ISO 8601; what is neither is no reason to lose the event."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.replace(" UTC", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _list(value: Any) -> Any:
    return [] if value is None else value


def _text(value: Any) -> Any:
    return "" if value is None else value


Instant = Annotated[datetime | None, BeforeValidator(_instant)]
SomeText = Annotated[Text, BeforeValidator(_text)]
SomeName = Annotated[Name, BeforeValidator(_text)]


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class ProjectPart(Part):
    id: Id | None = None
    path_with_namespace: SomeName = ""
    default_branch: Name | None = None
    web_url: SomeName = ""
    git_http_url: Name | None = None
    http_url: Name | None = None


class UserPart(Part):
    id: Id | None = None
    username: SomeName = ""
    name: SomeName = ""


class LabelPart(Part):
    title: SomeName = ""


Labels = Annotated[list[LabelPart], BeforeValidator(_list), Field(max_length=1_000)]
Users = Annotated[list[UserPart], BeforeValidator(_list), Field(max_length=1_000)]
Ids = Annotated[list[Id], BeforeValidator(_list), Field(max_length=1_000)]


class LabelsChange(Part):
    previous: Labels = []
    current: Labels = []


class UsersChange(Part):
    previous: Users = []
    current: Users = []


class ChangesPart(Part):
    labels: LabelsChange | None = None
    reviewers: UsersChange | None = None


class PositionPart(Part):
    base_sha: Name | None = None
    start_sha: Name | None = None
    head_sha: Name | None = None
    old_path: Name | None = None
    new_path: Name | None = None
    old_line: Id | None = None
    new_line: Id | None = None


class CommitPart(Part):
    id: SomeName = ""


class NotePart(Part):
    id: Id
    author_id: Id | None = None
    note: SomeText = ""
    noteable_type: SomeName = ""
    action: Literal["create", "update"] | None = None
    type: Name | None = None
    system: bool | None = False
    internal: bool | None = False
    confidential: bool | None = False
    discussion_id: Name | None = None
    position: PositionPart | None = None
    original_position: PositionPart | None = None
    commit_id: Name | None = None
    resolved_at: Name | None = None
    project_id: Id | None = None
    url: SomeName = ""
    updated_at: Instant = None


class IssuePart(Part):
    id: Id
    iid: Id
    project_id: Id | None = None
    author_id: Id | None = None
    title: SomeName = ""
    description: SomeText = ""
    state: SomeName = ""
    action: Name | None = None
    type: Name | None = None
    confidential: bool | None = False
    assignee_ids: Ids = []
    labels: Labels = []
    url: SomeName = ""
    updated_at: Instant = None


class MergeRequestPart(Part):
    id: Id
    iid: Id
    author_id: Id | None = None
    title: SomeName = ""
    description: SomeText = ""
    state: SomeName = ""
    action: Name | None = None
    oldrev: Name | None = None
    draft: bool | None = False
    source_branch: Name
    target_branch: Name
    source_project_id: Id | None = None
    target_project_id: Id | None = None
    reviewer_ids: Ids = []
    labels: Labels = []
    last_commit: CommitPart | None = None
    blocking_discussions_resolved: bool | None = None
    url: SomeName = ""
    updated_at: Instant = None


class SnippetPart(Part):
    id: Id


class EmojiPart(Part):
    id: Id
    name: SomeName = ""
    action: Literal["award", "revoke"] | None = None
    awardable_type: SomeName = ""
    awardable_id: Id | None = None
    awarded_on_url: SomeName = ""


class Head(Part):
    """What every body has, and what decides how the rest is read."""

    object_kind: SomeName = ""
    event_type: SomeName = ""
    event_name: SomeName = ""
    project_id: Id | None = None
    project: ProjectPart = ProjectPart()
    user: UserPart = UserPart()


class TokenPart(Part):
    id: Id
    user_id: Id
    name: SomeName = ""
    expires_at: Name | None = None


class TokenBody(Head):
    object_attributes: TokenPart


class NoteBody(Head):
    object_attributes: NotePart
    issue: IssuePart | None = None
    merge_request: MergeRequestPart | None = None
    commit: CommitPart | None = None
    snippet: SnippetPart | None = None


class IssueBody(Head):
    object_attributes: IssuePart
    labels: Labels = []
    changes: ChangesPart = ChangesPart()


class MergeRequestBody(Head):
    object_attributes: MergeRequestPart
    labels: Labels = []
    reviewers: Users = []
    changes: ChangesPart = ChangesPart()


class EmojiBody(Head):
    object_attributes: EmojiPart
    note: NotePart | None = None
    issue: IssuePart | None = None
    merge_request: MergeRequestPart | None = None
