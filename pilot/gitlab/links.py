"""Addresses of things, built from the configured base, sub-path included."""

from __future__ import annotations

from urllib.parse import urlsplit

from pilot.gitlab.noteables import Noteable
from pilot.gitlab.notes import Note
from pilot.gitlab.projects import Project
from pilot.gitlab.users import User


def of_project(url: str, project: Project) -> str:
    return f"{url}/{project.path}"


def http_clone(url: str, project: Project) -> str:
    return f"{url}/{project.path}.git"


def ssh_clone(url: str, project: Project) -> str:
    return f"git@{urlsplit(url).hostname}:{project.path}.git"


def of_user(url: str, user: User) -> str:
    return f"{url}/{user.username}"


def of_noteable(url: str, noteable: Noteable) -> str:
    return f"{of_project(url, noteable.project)}/-/{noteable.url_part}/{noteable.iid}"


def of_note(url: str, noteable: Noteable, note: Note) -> str:
    return f"{of_noteable(url, noteable)}#note_{note.id}"


def of_commit(url: str, project: Project, sha: str) -> str:
    return f"{of_project(url, project)}/-/commit/{sha}"
