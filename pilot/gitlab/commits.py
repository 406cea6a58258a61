"""Writing commits without a checkout: GitLab's commit actions, carried out by `git fast-import`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pilot.gitlab.errors import ApiError, bad_request, grape
from pilot.gitlab.repository import Entry, GitFailed, Repository

ACTIONS = ("create", "update", "delete", "move", "chmod")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote a commit, and when."""

    name: str
    email: str
    at: datetime

    def __str__(self) -> str:
        return f"{_clean(self.name)} <{_clean(self.email)}> {int(self.at.timestamp())} +0000"


@dataclass(frozen=True, slots=True)
class File:
    """A file's new state: content, or the blob it already is."""

    mode: str
    content: bytes | None = None
    sha: str = ""


Change: TypeAlias = Mapping[str, File | None]


def _clean(text: str) -> str:
    return text.translate(str.maketrans("", "", "<>\n\r\0")).strip() or "unknown"


def write(repository: Repository, branch: str, parent: str | None, change: Change, message: str, by: Signature) -> str:
    """Put one commit on a branch, all of the change or nothing; the answer is its sha."""
    data = message.encode()
    stream = [
        f"commit refs/heads/{branch}\nmark :1\nauthor {by}\ncommitter {by}\ndata {len(data)}\n".encode(),
        data,
        f"\nfrom {parent}\n".encode() if parent else b"\n",
        *(_line(path, file) for path, file in change.items()),
        b"\nget-mark :1\n",
    ]
    return repository.run("fast-import", "--quiet", "--force", feed=b"".join(stream)).decode().strip()


def _line(path: str, file: File | None) -> bytes:
    quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if file is None:
        return f"D {quoted}\n".encode()
    if file.content is None:
        return f"M {file.mode} {file.sha} {quoted}\n".encode()
    return f"M {file.mode} inline {quoted}\ndata {len(file.content)}\n".encode() + file.content + b"\n"


def change_of(repository: Repository, parent: str | None, actions: Sequence[Any]) -> Change:
    """Check GitLab's commit actions against the parent's tree and turn them into file states."""
    present = {entry.path: entry for entry in repository.tree(parent, recursive=True)} if parent else {}
    files = {path: entry for path, entry in present.items() if entry.type == "blob"}
    change: dict[str, File | None] = {}
    for action in actions:
        if not isinstance(action, Mapping) or action.get("action") not in ACTIONS:
            raise grape("actions[0][action] does not have a valid value")
        change.update(_apply(action, files, repository, parent))
    return change


def _apply(action: Mapping[str, Any], files: Mapping[str, Entry], repository: Repository, parent: str | None) -> Change:
    path = _path(action.get("file_path"))
    last = action.get("last_commit_id")
    if last and parent and path in files and repository.log(parent, path, limit=1)[0].sha != last:
        raise bad_request("You are attempting to update a file that has changed since you started editing it.")
    match action["action"]:
        case "create" if path in files:
            raise bad_request("A file with this name already exists")
        case "create":
            return {path: File("100755" if _true(action.get("execute_filemode")) else "100644", _content(action))}
        case "move":
            return _move(action, path, files)
    if path not in files:
        raise bad_request("A file with this name doesn't exist")
    match action["action"]:
        case "delete":
            return {path: None}
        case "chmod":
            return {path: File("100755" if _true(action.get("execute_filemode")) else "100644", sha=files[path].sha)}
    return {path: File(files[path].mode, _content(action))}


def _move(action: Mapping[str, Any], path: str, files: Mapping[str, Entry]) -> Change:
    previous = _path(action.get("previous_path"))
    if previous not in files:
        raise bad_request("A file with this name doesn't exist")
    if path in files:
        raise bad_request("A file with this name already exists")
    old = files[previous]
    moved = File(old.mode, sha=old.sha) if action.get("content") is None else File(old.mode, _content(action))
    return {previous: None, path: moved}


def _path(value: Any) -> str:
    path = str(value or "")
    parts = path.split("/")
    if not path or "" in parts or "." in parts or ".." in parts or ".git" in parts:
        raise bad_request("invalid path: You must provide a valid file path")
    return path


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def _content(action: Mapping[str, Any]) -> bytes:
    content = str(action.get("content") or "")
    if action.get("encoding") != "base64":
        return content.encode()
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error:
        raise bad_request("content is not valid base64") from None


def refused(error: GitFailed) -> ApiError:
    """git would not take it: the branch name, usually."""
    return bad_request(str(error).splitlines()[0] if str(error) else "git refused")
