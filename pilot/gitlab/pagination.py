"""Offset pagination: the headers, and GitLab's odd corners of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from pilot.gitlab.errors import grape
from pilot.gitlab.parameters import Parameters
from pilot.gitlab.routing import Call
from pilot.gitlab.wire import Answer, as_json

DEFAULT, MOST, COUNTED = 20, 100, 10_000

Item = TypeVar("Item")


def window(params: Parameters) -> tuple[int, int]:
    """Page and size; sizes above the maximum become the maximum."""
    page, size = params.integer("page") or 1, params.integer("per_page")
    if page < 1 or (size is not None and size < 0):
        raise grape("page does not have a valid value")
    return page, min(DEFAULT if size is None else max(size, 1), MOST)


def page(call: Call, items: Sequence[Item], show: Callable[[Item], Any], *, totals: bool = True) -> Answer:
    """One page of a list; the commits API hides its totals, and so does any list above 10,000 rows."""
    number, size = window(call.params)
    shown = items[(number - 1) * size : number * size]
    return as_json([show(item) for item in shown], headers=_headers(call, number, size, len(items), totals))


def _headers(call: Call, number: int, size: int, total: int, totals: bool) -> dict[str, str]:
    last = max(1, -(-total // size))
    following = str(number + 1) if number < last else ""
    previous = str(number - 1) if number > 1 else ""
    counted = totals and total <= COUNTED
    found = {
        "x-page": str(number),
        "x-next-page": following,
        "x-prev-page": previous,
        "x-per-page": str(size),
        "link": _links(call, size, {"prev": previous, "next": following, "first": "1", "last": str(last) if counted else ""}),
    }
    return found | ({"x-total": str(total), "x-total-pages": str(last)} if counted else {})


def _links(call: Call, size: int, pages: dict[str, str]) -> str:
    rest = [(key, value) for key, value in parse_qsl(call.request.query) if key not in ("page", "per_page", "private_token")]
    base = call.state.url + call.request.path
    return ", ".join(
        f'<{base}?{urlencode([*rest, ("page", number), ("per_page", str(size))])}>; rel="{name}"'
        for name, number in pages.items()
        if number
    )
