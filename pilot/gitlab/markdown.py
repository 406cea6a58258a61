"""Markdown as a reader of GitLab sees it: tables, strikethrough, folded details, task boxes, references."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markupsafe import Markup

from pilot.gitlab.sanitizer import clean

TASK = re.compile(r"<li>(<p>)?\[([ xX])\]\s")
REFERENCE = re.compile(r"(?<![\w&/])([#!])(\d+)\b")
MENTION = re.compile(r"(?<![\w/])@([A-Za-z0-9_][\w.-]*)")
TEXT_BETWEEN_TAGS = re.compile(r"(<(?:a|code|pre)\b.*?</(?:a|code|pre)>|<[^>]*>)", re.DOTALL)


def render(text: str | None, project_url: str) -> Markup:
    """HTML that is safe to put on a page; uploads and references point into the project."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html = clean(parser.render(text or ""), lambda link: _relocated(link, project_url))
    html = TASK.sub(lambda found: f"<li class='task'>{found[1] or ''}{'☑' if found[2] in 'xX' else '☐'} ", html)
    return Markup(_linked(html, project_url))


def _relocated(link: str, project_url: str) -> str:
    return project_url + link if link.startswith("/uploads/") else link


def _linked(html: str, project_url: str) -> str:
    """Turn #1, !2 and @name into links, outside tags, links and code."""
    parts = TEXT_BETWEEN_TAGS.split(html)
    return "".join(part if part.startswith("<") else _references(part, project_url) for part in parts)


def _references(text: str, project_url: str) -> str:
    kinds = {"#": "issues", "!": "merge_requests"}
    text = REFERENCE.sub(lambda m: f'<a href="{project_url}/-/{kinds[m[1]]}/{m[2]}">{m[0]}</a>', text)
    return MENTION.sub(lambda m: f'<span class="mention">{m[0]}</span>', text)
