"""Every documented sample whose endpoint is served: the answer has the sample's keys, or the lack has a name and a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from pilot.gitlab.app import ROUTES
from pilot.gitlab.pipelines import Pipeline
from pilot.gitlab.server import StandIn
from pilot.gitlab.users import User
from tests.standin.conftest import FASTER, House, Inbox, furnish, receiving

SAMPLES = Path(__file__).parent / "samples" / "api"
OLD_PERSON = "the documented sample is older than today's user entity"
NOT_SERVED = "settings of a project that no client of ours reads"

UNSERVED_SETTINGS = """
owner container_registry_image_prefix container_expiration_policy container_registry_enabled service_desk_enabled
emails_disabled shared_runners_enabled ci_default_git_depth ci_forward_deployment_enabled build_git_strategy runners_token
auto_devops_enabled auto_devops_deploy_strategy ci_forward_deployment_rollback_allowed
ci_allow_fork_pipelines_to_run_in_parent_project ci_id_token_sub_claim_components ci_job_token_scope_enabled
ci_separated_caches ci_restrict_pipeline_cancellation_role ci_pipeline_variables_minimum_override_role
ci_push_repository_for_job_token_allowed allow_merge_on_skipped_pipeline allow_pipeline_trigger_approve_deployment
restrict_user_defined_variables enforce_auth_checks_on_uploads suggestion_commit_message merge_commit_template
squash_commit_template issue_branch_template merge_requests_template issues_template keep_latest_artifact
runner_token_expiration_interval requirements_enabled security_and_compliance_enabled secret_push_protection_enabled
compliance_frameworks public license_url license repository_storage approvals_before_merge marked_for_deletion_on statistics
custom_attributes use_custom_template external_authorization_classification_label group_runners_enabled
show_default_award_emojis warn_about_potentially_unwanted_characters mirror_trigger_builds auto_cancel_pending_pipelines
repository_object_format only_allow_merge_if_all_status_checks_passed group_with_project_templates_id public_builds
build_timeout template_name emails_enabled mirror analytics_access_level builds_access_level container_registry_access_level
environments_access_level feature_flags_access_level forking_access_level infrastructure_access_level issues_access_level
merge_requests_access_level model_experiments_access_level model_registry_access_level monitor_access_level
pages_access_level releases_access_level repository_access_level requirements_access_level
security_and_compliance_access_level snippets_access_level wiki_access_level ci_delete_pipelines_in_seconds
"""

# Keys that a sample has and the stand-in has not, by the last part of their path.
MISSING: Mapping[str, dict[str, str]] = {
    "GET_projects_id": dict.fromkeys(
        UNSERVED_SETTINGS.split(),
        NOT_SERVED,
    ),
    "GET_projects_id_members_all_user_id": {"email": "for administrators only", "group_saml_identity": "Premium"},
    "GET_projects_id_hooks_hook_id_events": {"event_name": "the sample shows a push event, the newest one here is another"},
    "GET_personal_access_tokens_self": {"token": "the sample shows a rotation; the secret is never told again"},
    "GET_projects_id_issues_iid_notes": {"email": OLD_PERSON, "created_at": OLD_PERSON},
    "GET_projects_id_merge_requests_iid_notes_note_id": {"email": OLD_PERSON, "created_at": OLD_PERSON},
}


@dataclass(frozen=True)
class World:
    """A house in which everything that the samples show has happened."""

    house: House
    headers: Mapping[str, str]
    base: str
    keep: Mapping[str, Any]

    def ask(self, method: str, path: str, **values: Any) -> Any:
        answer = requests.request(method, f"{self.base}{path}", headers=self.headers, timeout=10, **values)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


@pytest.fixture(scope="module")
def world(gitlab: StandIn, people: dict[str, User]) -> Iterator[World]:
    """Shared by all samples: none of the requests takes away what another one needs."""
    with receiving(gitlab) as inbox:
        yield _lived_in(furnish(gitlab, people), inbox)
    assert gitlab.complaints == []


def _lived_in(house: House, inbox: Inbox) -> World:
    project = house.project
    hook = project.add_hook(inbox.url, secret="s3cret")
    issue = project.create_issue(house.dev, "Slow", "- [ ] fix", ["perf"])
    note = issue.comment(house.dev, "hello")
    issue.react(house.dev, "eyes")
    issue.react(house.dev, "tada", note)
    mr = house.open_merge_request()
    thread = mr.start_thread(house.dev, "why?")
    suggestion = "here\n\n```suggestion\nreturn rows\n```"
    mr.start_thread(house.dev, suggestion, mr.position("src/frames/sort.py", new_line=5))
    mr.mr.reviewers = [house.dev]
    mr.mr.assignees = [house.dev]
    issue.item.assignees = [house.dev]
    issue.close(house.dev)
    project.commit(house.bot, "spare", {"spare.txt": "x"})
    now = house.gitlab.state.now()
    mr.mr.ready_at = now
    project.project.pipelines.append(Pipeline(7, 1, mr.mr.newest.head, "faster", house.bot, now, now))
    house.gitlab.settle()
    keep = {"hook": hook.id, "event": hook.deliveries[0].id, "note": note.id, "thread": thread.id, "mr_note": thread.notes[0].id}
    keep |= {"sha": mr.mr.newest.head, "user": house.dev.id}
    base = f"{house.gitlab.url}/api/v4"
    return World(house, {"PRIVATE-TOKEN": house.maintainer.token}, base, keep)


P, ISSUE, MR = "/projects/{id}", "/projects/{id}/issues/1", "/projects/{id}/merge_requests/1"
REQUESTS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "DELETE_projects_id_repository_branches_branch": ("DELETE", P + "/repository/branches/spare", {}),
    "GET_personal_access_tokens_self": ("GET", "/personal_access_tokens/self", {}),
    "GET_projects_id": ("GET", P, {}),
    "GET_projects_id_hooks_hook_id": ("GET", P + "/hooks/{hook}", {}),
    "GET_projects_id_hooks_hook_id_events": ("GET", P + "/hooks/{hook}/events", {}),
    "GET_projects_id_issues_iid": ("GET", ISSUE, {}),
    "GET_projects_id_issues_iid_award_emoji": ("GET", ISSUE + "/award_emoji", {}),
    "GET_projects_id_issues_iid_notes": ("GET", ISSUE + "/notes", {}),
    "GET_projects_id_labels": ("GET", P + "/labels", {}),
    "GET_projects_id_members_all_user_id": ("GET", P + "/members/all/{user}", {}),
    "GET_projects_id_merge_requests": ("GET", P + "/merge_requests", {}),
    "GET_projects_id_merge_requests_iid": ("GET", MR, {}),
    "GET_projects_id_merge_requests_iid_changes": ("GET", MR + "/changes", {}),
    "GET_projects_id_merge_requests_iid_diffs": ("GET", MR + "/diffs", {}),
    "GET_projects_id_merge_requests_iid_discussions": ("GET", MR + "/discussions", {}),
    "GET_projects_id_merge_requests_iid_discussions.diff": ("GET", MR + "/discussions?page=2&per_page=1", {}),
    "GET_projects_id_merge_requests_iid_discussions_id": ("GET", MR + "/discussions/{thread}", {}),
    "GET_projects_id_merge_requests_iid_notes_note_id": ("GET", MR + "/notes/{mr_note}", {}),
    "GET_projects_id_merge_requests_iid_participants": ("GET", MR + "/participants", {}),
    "GET_projects_id_merge_requests_iid_pipelines": ("GET", MR + "/pipelines", {}),
    "GET_projects_id_merge_requests_iid_reviewers": ("GET", MR + "/reviewers", {}),
    "GET_projects_id_merge_requests_iid_versions": ("GET", MR + "/versions", {}),
    "GET_projects_id_pipelines_id": ("GET", P + "/pipelines/7", {}),
    "GET_projects_id_repository_branches_branch": ("GET", P + "/repository/branches/main", {}),
    "GET_projects_id_repository_commits": ("GET", P + "/repository/commits", {}),
    "GET_projects_id_repository_commits_sha": ("GET", P + "/repository/commits/{sha}", {}),
    "GET_projects_id_repository_compare": ("GET", P + "/repository/compare?from=main&to=faster", {}),
    "GET_projects_id_repository_files_file_path": ("GET", P + "/repository/files/src%2Fframes%2Fsort.py?ref=main", {}),
    "GET_projects_id_repository_tree": ("GET", P + "/repository/tree", {}),
    "GET_user": ("GET", "/user", {}),
    "GET_users_id": ("GET", "/users/{user}", {}),
    "POST_projects_id_hooks": ("POST", P + "/hooks", {"json": {"url": "http://127.0.0.1:9/x", "token": "t"}}),
    "POST_projects_id_hooks_hook_id_events_event_id_resend": ("POST", P + "/hooks/{hook}/events/{event}/resend", {}),
    "POST_projects_id_issues_iid_award_emoji": ("POST", ISSUE + "/award_emoji?name=blowfish", {}),
    "POST_projects_id_issues_iid_notes": ("POST", ISSUE + "/notes", {"json": {"body": "note"}}),
    "POST_projects_id_issues_iid_notes.commands_only": (
        "POST",
        ISSUE + "/notes",
        {"data": {"body": "/label ~performance\n/react :tada:"}},
    ),
    "POST_projects_id_issues_iid_notes_note_id_award_emoji": ("POST", ISSUE + "/notes/{note}/award_emoji?name=rocket", {}),
    "POST_projects_id_merge_requests_iid_discussions": ("POST", MR + "/discussions", {"form": True}),
    "POST_projects_id_merge_requests_iid_discussions_id_notes": (
        "POST",
        MR + "/discussions/{thread}/notes",
        {"json": {"body": "x"}},
    ),
    "POST_projects_id_merge_requests_iid_notes": ("POST", MR + "/notes", {"json": {"body": "note"}}),
    "POST_projects_id_repository_branches": ("POST", P + "/repository/branches?branch=newbranch&ref=main", {}),
    "POST_projects_id_repository_commits": ("POST", P + "/repository/commits", {"commit": True}),
    "POST_projects_id_statuses_sha": ("POST", P + "/statuses/{sha}?state=success", {}),
    "POST_projects_id_uploads": ("POST", P + "/uploads", {"files": {"file": ("dk.png", b"png", "image/png")}}),
    "PUT_projects_id_merge_requests_iid": ("PUT", MR, {"json": {"title": "New title", "add_labels": "performance"}}),
    "PUT_projects_id_merge_requests_iid_discussions_id": ("PUT", MR + "/discussions/{thread}", {"json": {"resolved": True}}),
    "POST_projects_id_merge_requests": ("POST", P + "/merge_requests", {"second": True}),
    "GET_projects_id_repository_commits_sha_statuses": ("GET", P + "/repository/commits/{sha}/statuses", {"status": True}),
    "GET_projects_id_repository_files_file_path_raw": ("GET", P + "/repository/files/README.md/raw?ref=main", {"raw": True}),
}


# Fields that GitLab's documentation has and its OpenAPI document has not, by their last part.
BEYOND_FIELDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("commit_email", "following", "followers", "job_title"),
        "documented for GET /user; the document's part was written by hand",
    ),
    **dict.fromkeys(("token_present", "signing_token_present"), "newer than the document"),
    **dict.fromkeys(("count", "completed_count"), "the document calls task_completion_status a text"),
    "head_pipeline.name": "of a merge request's head pipeline: in the document only where a pipeline is asked for by itself",
}

FIELDS: Mapping[str, str] = json.loads((SAMPLES.parent / "openapi_fields.json").read_text())
UNSAMPLED = (
    "/metadata",
    "/version",
    "/users?username=dev",
    "/projects?simple=true",
    P + "/members/all",
    P + "/labels/perf",
    P + "/issues",
    P + "/protected_branches",
    P + "/repository/branches",
    P + "/pipelines",
    P + "/hooks",
    ISSUE + "/notes/{note}",
    ISSUE + "/discussions",
    ISSUE + "/notes/{note}/award_emoji",
    MR + "/notes",
    MR + "/commits",
    MR + "/approvals",
)


def _prepared(world: World, special: dict[str, Any]) -> dict[str, Any]:
    """Requests that need more than a constant."""
    house = world.house
    if "form" in special:
        mr = house.project.merge_requests[0]
        position = mr.position("src/frames/sort.py", new_line=5)
        return {"data": {f"position[{key}]": value for key, value in position.items()} | {"body": "test comment body"}}
    if "second" in special:
        house.project.commit(house.bot, "other", {"new.txt": "x"})
        return {"json": {"source_branch": "other", "target_branch": "main", "title": "Other", "labels": "a,b"}}
    if "commit" in special:
        actions = [
            {"action": "create", "file_path": "foo/bar", "content": "some content"},
            {"action": "delete", "file_path": "README.md"},
            {"action": "move", "file_path": "src/sort.py", "previous_path": "src/frames/sort.py"},
        ]
        return {"json": {"branch": "third", "start_branch": "main", "commit_message": "some commit message", "actions": actions}}
    if "status" in special:
        world.ask("POST", f"/projects/{house.project.id}/statuses/{world.keep['sha']}?state=running")
    return {key: value for key, value in special.items() if key in ("json", "data", "files")}


def lacks(sample: Any, answer: Any, path: str = "") -> Iterator[str]:
    """Paths of keys that the sample has and the answer has not; null and empty say nothing about inner keys."""
    if isinstance(sample, dict) and isinstance(answer, dict):
        for key in sample:
            if key not in answer:
                yield f"{path}.{key}".lstrip(".")
            else:
                yield from lacks(sample[key], answer[key], f"{path}.{key}")
    elif isinstance(sample, list) and isinstance(answer, list) and sample and answer:
        yield from lacks(sample[0], answer[0], path)


def sample_names() -> list[str]:
    return sorted(path.stem for path in SAMPLES.glob("*.json") if not path.stem.startswith("_"))


def test_every_sample_is_held_against_an_answer() -> None:
    assert sample_names() == sorted(REQUESTS)


@pytest.mark.parametrize("name", sorted(set(REQUESTS) - {"GET_projects_id_repository_files_file_path_raw"}))
def test_an_answer_has_the_documented_keys(world: World, name: str) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    method, path, special = REQUESTS[name]
    values = _prepared(world, special)

    answer = world.ask(method, path.format(id=world.house.project.id, **world.keep), **values)

    assert answer.status_code == sample["status"]
    body = answer.json() if answer.content else None
    assert not sample["response"] or body, "an empty answer proves nothing"
    missing = [key for key in lacks(sample["response"], body) if key.rpartition(".")[2] not in MISSING.get(name, {})]
    assert missing == []
    assert strange(f"{method} {_pattern(path)}", body, sample["response"]) == set()


@pytest.mark.parametrize("path", UNSAMPLED)
def test_an_answer_without_a_sample_has_only_fields_of_the_openapi_document(world: World, path: str) -> None:
    body = world.ask("GET", path.format(id=world.house.project.id, **world.keep)).json()

    assert body, "an empty answer proves nothing"
    assert strange(f"GET {_pattern(path)}", body) == set()


def strange(operation: str, body: Any, sample: Any = None) -> set[str]:
    """Fields of an answer, down to the second level, that neither GitLab's OpenAPI document nor the sample has."""
    documented = next((set(names.split()) for key, names in FIELDS.items() if _key(*key.split(), "{") == operation), None)
    if documented is None:
        return set()
    found = set(_fields(body)) - set(_fields(sample)) - documented
    return {name for name in found if not {name, name.rpartition(".")[2]} & BEYOND_FIELDS.keys()}


def _fields(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        for key in item if isinstance(item, dict) else ():
            yield f"{path}{key}"
            if depth < 1:
                yield from _fields(item[key], f"{path}{key}.", depth + 1)


def _pattern(path: str) -> str:
    """The path of a request with a star for whatever names one thing."""
    found = next(route for route in ROUTES if route.match(path.partition("?")[0].strip("/").split("/")) is not None)
    return _key("", found.pattern, ":").strip()


def test_a_raw_file_has_the_documented_headers(world: World) -> None:
    name = "GET_projects_id_repository_files_file_path_raw"
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    method, path, _ = REQUESTS[name]

    answer = world.ask(method, path.format(id=world.house.project.id))

    assert [name for name in sample["response_headers"] if name not in answer.headers] == []
    assert answer.text == "# Frames\n"


# Served, documented by GitLab, and absent from the OpenAPI document itself.
BEYOND_OPENAPI = {"resource_label_events": "the OpenAPI document has no resource events"}
PARAMETERS_BEYOND_OPENAPI = {
    "search": "documented for GET /users; the document's users part was written by hand",
    "include_ancestor_groups": "documented for labels; the document's labels part was written by hand",
    "internal": "taken by discussions as by notes; the document's discussions part was written by hand",
    "avatar": "python-gitlab sends it, empty, beside every file",
    "signing_token": "since 19.0, newer than the document",
    "repository_update_events": "in the documented hook entity",
}


def test_every_route_is_one_of_gitlabs() -> None:
    known = _operations()

    strange = [f"{route.method} {route.pattern}" for route in ROUTES if _key(route.method, route.pattern, ":") not in known]

    assert [route for route in strange if route.rpartition("/")[2] not in BEYOND_OPENAPI] == []


def test_every_parameter_is_one_of_gitlabs() -> None:
    known = _operations()

    strange = {
        name
        for route in ROUTES
        for name in route.parameters.split()
        if (key := _key(route.method, route.pattern, ":")) in known and name not in known[key]
    }

    assert strange == set(PARAMETERS_BEYOND_OPENAPI)


def _operations() -> dict[str, set[str]]:
    listed = json.loads((SAMPLES.parent / "openapi_operations.json").read_text())
    found = {}
    for operation, names in listed.items():
        method, _, path = operation.partition(" ")
        found[_key(method, path, "{")] = {name.partition("[")[0] for name in names}
    return found


def _key(method: str, path: str, mark: str) -> str:
    return f"{method} " + "/".join("*" if part.startswith(mark) else part for part in path.split("/"))


def test_the_samples_prepare_what_they_show(world: World) -> None:
    assert world.house.project.file("src/frames/sort.py", "faster") == FASTER["src/frames/sort.py"]
