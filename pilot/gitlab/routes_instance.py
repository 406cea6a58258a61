"""Version, users, tokens, projects, members, labels and uploads."""

from __future__ import annotations

import mimetypes
import secrets

from pilot.gitlab import entities, labelling
from pilot.gitlab.access import Right, level_of, visible
from pilot.gitlab.errors import ApiError, conflict, grape, not_found, unauthorized
from pilot.gitlab.pagination import page
from pilot.gitlab.projects import Upload
from pilot.gitlab.routing import Call, Route
from pilot.gitlab.wire import Answer, UploadedFile, as_json, created


def version(call: Call) -> Answer:
    call.sign_in()
    return as_json({"version": call.state.options.version, "revision": "5d2a1c0f3b7"})


def metadata(call: Call) -> Answer:
    call.sign_in()
    kas = {"enabled": False, "externalUrl": None, "version": None}
    return as_json({"version": call.state.options.version, "revision": "5d2a1c0f3b7", "kas": kas, "enterprise": True})


def current_user(call: Call) -> Answer:
    return as_json(entities.myself(call.state, call.user))


def users(call: Call) -> Answer:
    wanted, search = call.params.optional("username"), call.params.text("search").lower()
    found = [user for user in call.state.users.values() if wanted is None or user.username.lower() == wanted.lower()]
    found = [user for user in found if search in user.username.lower() or search in user.name.lower()]
    return page(call, found, lambda user: entities.person(call.state, user))


def user(call: Call) -> Answer:
    found = call.state.users.get(call.number("user_id"))
    if found is None:
        raise not_found("User")
    return as_json(entities.profile(call.state, found))


def token(call: Call) -> Answer:
    if call.caller.token is None:
        raise unauthorized()
    return as_json(entities.token(call.user, call.caller.token))


def projects(call: Call) -> Answer:
    viewer = call.caller.user
    found = [item for item in call.state.projects.values() if visible(item, viewer)]
    if call.params.flag("membership"):
        found = [item for item in found if viewer and viewer.id in item.members]
    search, least = call.params.text("search").lower(), call.params.integer("min_access_level") or 0
    found = [item for item in found if search in item.path.lower() and level_of(item, viewer) >= least]
    active, archived = call.params.moment("last_activity_after"), call.params.optional("archived")
    found = [item for item in found if active is None or item.last_activity_at >= active]
    found = [item for item in found if archived is None or item.archived == call.params.flag("archived")]
    key = "last_activity_at" if call.params.text("order_by") == "last_activity_at" else "created_at"
    found.sort(key=lambda item: (getattr(item, key), item.id), reverse=call.params.text("sort", "desc") != "asc")
    if call.params.flag("simple"):
        return page(call, found, lambda item: entities.project_in_short(call.state, item))
    return page(call, found, lambda item: entities.project(call.state, item, viewer))


def project(call: Call) -> Answer:
    return as_json(entities.project(call.state, call.project, call.caller.user))


def members(call: Call) -> Answer:
    query = call.params.text("query").lower()
    found = [item for item in call.project.members.values() if query in f"{item.user.username} {item.user.name}".lower()]
    found.sort(key=lambda member: member.user.id)
    return page(call, found, lambda member: entities.member(call.state, member))


def member(call: Call) -> Answer:
    found = call.project.members.get(call.number("user_id"))
    if found is None:
        raise not_found()
    return as_json(entities.member(call.state, found))


def labels(call: Call) -> Answer:
    search = call.params.text("search").lower()
    found = [label for label in call.project.labels if search in label.name.lower()]
    return page(call, sorted(found, key=lambda label: label.name), lambda label: entities.label(call.project, label))


def label(call: Call) -> Answer:
    key = call.args["name"]
    found = call.project.label(key) or next((item for item in call.project.labels if str(item.id) == key), None)
    if found is None:
        raise not_found("Label")
    return as_json(entities.label(call.project, found))


def create_label(call: Call) -> Answer:
    call.params.need("name", "color")
    name = call.params.text("name")
    if call.project.label(name):
        raise conflict("Label already exists")
    made = labelling.ensure(call.state, call.project, name, call.params.text("color"), call.params.optional("description"))
    return created(entities.label(call.project, made))


def upload(call: Call) -> Answer:
    file = call.params.raw("file")
    if not isinstance(file, UploadedFile):
        raise grape("file is missing" if file is None else "file is invalid")
    if len(file.content) > call.state.options.upload_limit:
        raise ApiError(413, {"message": "413 Request Entity Too Large"})
    name = file.name.rpartition("/")[2] or "file"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kept = Upload(call.state.next_id("upload"), secrets.token_hex(16), name, kind, file.content)
    call.project.uploads.append(kept)
    url = f"/uploads/{kept.secret}/{kept.name}"
    alt = name if kept.download else name.rpartition(".")[0] or name
    picture = "!" if kept.content_type.startswith(("image/", "video/")) else ""
    shown = alt if picture else name
    return created(
        {
            "id": kept.id,
            "alt": shown,
            "url": url,
            "full_path": f"/-/project/{call.project.id}{url}",
            "markdown": f"{picture}[{shown}]({url})",
        }
    )


ROUTES = (
    Route("GET", "/version", version, None, scopes=("api", "read_api", "read_user")),
    Route("GET", "/metadata", metadata, None, scopes=("api", "read_api", "read_user")),
    Route("GET", "/user", current_user, None, scopes=("api", "read_api", "read_user")),
    Route("GET", "/users", users, None, "username search", scopes=("api", "read_api", "read_user")),
    Route("GET", "/users/:user_id", user, None, scopes=("api", "read_api", "read_user")),
    Route("GET", "/personal_access_tokens/self", token, None, scopes=()),
    Route(
        "GET",
        "/projects",
        projects,
        None,
        "membership search min_access_level archived last_activity_after simple search_namespaces",
    ),
    Route("GET", "/projects/:id", project),
    Route("GET", "/projects/:id/members/all", members, parameters="query"),
    Route("GET", "/projects/:id/members/all/:user_id", member),
    Route("GET", "/projects/:id/labels", labels, parameters="search include_ancestor_groups"),
    Route("POST", "/projects/:id/labels", create_label, Right.LABEL, "name color description"),
    Route("GET", "/projects/:id/labels/:name", label, parameters="include_ancestor_groups"),
    Route("POST", "/projects/:id/uploads", upload, Right.COMMENT, "file avatar"),
)
