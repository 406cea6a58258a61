"""A flame graph as SVG: wide is slow, what lies above is called from below. No script; the foreign names in it are escaped."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from bot.localization.profile import Profile

FONT = "Liberation Sans, Arial, sans-serif"  # the first is there wherever it is made a bitmap of
WIDTH, ROW, LETTER = 1200, 18, 6.6  # pixels; a letter of the 11 px font is about that wide
NARROWEST = 0.8  # pixels below which a box says nothing
DEEPEST = 64
_OURS, _THEIRS, _WHOLE = ("#e8743b", "#f2a65a", "#d95f43"), "#a9b8c9", "#d8d8d8"


@dataclass(slots=True)
class _Box:
    """A function on one way of being called, and those it calls."""

    name: str
    seconds: float = 0.0
    above: dict[str, "_Box"] = field(default_factory=dict)


def svg(profile: Profile) -> str:
    """The profile's sampled stacks as a picture; the project's own functions are warm, libraries cold. Empty without samples."""
    whole = _Box("all", sum(stack.seconds for stack in profile.stacks))
    if whole.seconds <= 0:
        return ""
    for stack in profile.stacks:
        _stacked(whole, stack.frames[:DEEPEST], stack.seconds)
    boxes = list(_drawn(whole, 0.0, 0, WIDTH / whole.seconds, whole.seconds))
    height = ROW * (1 + max(row for row, _ in boxes))
    drawn = "\n".join(shape.replace("{y}", str(height - ROW * (row + 1))) for row, shape in boxes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'font-family="{FONT}" font-size="11"><title>Where the time goes: {whole.seconds:.3g} s sampled</title>\n'
        f"{drawn}\n</svg>\n"
    )


def _stacked(box: _Box, frames: tuple[str, ...], seconds: float) -> None:
    for name in frames:
        box = box.above.setdefault(name, _Box(name))
        box.seconds += seconds


def _drawn(whole: _Box, left: float, row: int, scale: float, total: float) -> Iterator[tuple[int, str]]:
    """Every box that is wide enough, with its row from the bottom."""
    waiting = [(whole, left, row)]
    while waiting:
        box, x, level = waiting.pop()
        width = box.seconds * scale
        if width < NARROWEST:
            continue
        yield level, _shape(box, x, width, box.seconds / total)
        for above in sorted(box.above.values(), key=lambda each: each.name):
            waiting.append((above, x, level + 1))
            x += above.seconds * scale


def _shape(box: _Box, x: float, width: float, share: float) -> str:
    """One box: its text where there is room, the whole name and its share when pointed at."""
    name = _plain(box.name)
    shown = _fitting(name, int((width - 6) / LETTER))
    text = f'<text x="{x + 3:.1f}" y="{{y}}" dy="13">{_quoted(shown)}</text>' if shown else ""
    return (
        f'<g><title>{_quoted(name)} ({share:.1%})</title><rect x="{x:.1f}" y="{{y}}" width="{width:.1f}" height="{ROW - 1}" '
        f'fill="{_colour(box.name)}"/>{text}</g>'
    )


def _fitting(name: str, room: int) -> str:
    """As much of it as fits: the function's own name before its file's."""
    own = name.rpartition(" ")[2]
    if len(name) <= room or room < 4:
        return name if len(name) <= room else ""
    return own if len(own) <= room else f"{own[: room - 1]}\u2026"


def _colour(name: str) -> str:
    if name == "all":
        return _WHOLE
    return _OURS[sum(name.encode("utf-8", "replace")) % len(_OURS)] if name.startswith("./") else _THEIRS


def _plain(name: str) -> str:
    """What XML may hold, on one line."""
    return "".join(sign if sign.isprintable() else "?" for sign in name).encode("utf-8", "replace").decode("utf-8")


def _quoted(text: str) -> str:
    return escape(text).replace("{", "&#123;")
