"""Which functions are worth changing: ranked by the time that a change to each could save, with Amdahl's bound on the gain."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.localization import outline, source
from bot.localization.profile import Growth, Hotspot, Line, Profile
from evaluation.fence import matches
from evaluation.target import Target

WORTH_SHOWING = 0.005  # share of the whole below which a line says nothing
_WIDEST = 90  # characters of a line of code that are shown
_TESTS = ("**/tests/**", "**/test/**", "**/test_*.py", "**/*_test.py", "**/conftest.py")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A function of the project, its share of the whole, and how much faster the whole gets if the function costs nothing."""

    hotspot: Hotspot
    share: float
    bound: float  # Amdahl: 1 / (1 - share); infinite for a function that is all there is


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target worth naming, with its share of the test run's time (imports and the test runner included)."""

    target: Target
    share: float
    bound: float


def rank(profile: Profile) -> tuple[Ranked, ...]:
    """The project's functions by what a change to them could save, the greatest first."""
    ours = (hotspot for hotspot in profile.functions if hotspot.ours and not hotspot.name.startswith("<"))
    ordered = sorted(ours, key=lambda hotspot: (-profile.saving(hotspot), -hotspot.addressable_s, hotspot.path, hotspot.line))
    return tuple(Ranked(hotspot, share := profile.saving(hotspot), _bound(share)) for hotspot in ordered)


def suggest(profile: Profile, tree: Path, fenced: Iterable[str] = ()) -> tuple[Suggestion, ...]:
    """Targets for somebody who named none: what tests of the tree spend their time in, less tests and fenced files."""
    closed = (*_TESTS, *fenced)
    shares: dict[Target, float] = {}
    known: dict[str, tuple[outline.Span, ...]] = {}
    for ranked in rank(profile):
        path = ranked.hotspot.path
        if any(matches(path, pattern) for pattern in closed):
            continue
        if path not in known:
            known[path] = outline.spans(path, tree)
        if target := outline.at(ranked.hotspot.line, known[path]):
            shares[target] = min(1.0, shares.get(target, 0.0) + ranked.share)
    ordered = sorted(shares.items(), key=lambda entry: (-entry[1], str(entry[0])))
    return tuple(Suggestion(target, share, _bound(share)) for target, share in ordered)


def is_test(path: str) -> bool:
    """Whether a file, by where it lies and what it is called, tests others."""
    return any(matches(path, pattern) for pattern in _TESTS)


def as_text(profile: Profile, tree: Path | None = None, most: int = 8) -> str:
    """The profile for a brief or a report: plain lines, names as the project wrote them, code where there is a tree."""
    how = f", sampled {profile.samples} times without it" if profile.sampled else ""
    lines = [f"{profile.total_s:.3g} s under the profiler in {_calls(profile.calls)}{how}."]
    lines += [_growth(profile.growth)] if profile.growth else []
    lines += ["", "A change to this function alone could save:"]
    lines += [
        f"  {ranked.share:4.0%} ({_factor(ranked.bound)} for the whole): {ranked.hotspot}, {_calls(ranked.hotspot.calls)}"
        for ranked in rank(profile)[:most]
        if ranked.share >= WORTH_SHOWING
    ]
    if profile.sampled:
        lines += ["", "The lines it is spent on, with the libraries they call:"]
        lines += [f"  {share:4.0%} {line.path}:{line.line}{_code(line, tree)}" for line, share in hottest_lines(profile)[:most]]
    lines += ["", "Time spent inside, without what is called from there:"]
    expensive = sorted(profile.functions, key=lambda hotspot: -hotspot.own_s)[:most]
    lines += [
        f"  {share:4.0%} {hotspot}, {_calls(hotspot.calls)}"
        for hotspot in expensive
        if (share := min(1.0, hotspot.own_s / (profile.total_s or math.inf))) >= WORTH_SHOWING
    ]
    return "\n".join(lines)


def hottest_lines(profile: Profile) -> list[tuple[Line, float]]:
    """The project's lines with their share of the whole, the hottest first."""
    shares = [(line, min(1.0, line.seconds / (profile.sampled_s or math.inf))) for line in profile.lines]
    return sorted((each for each in shares if each[1] >= WORTH_SHOWING), key=lambda each: -each[1])


def _code(line: Line, tree: Path | None) -> str:
    """What stands on the line, which is foreign; "" where that cannot be read."""
    try:
        found = source.content(tree, line.path).split(b"\n")[line.line - 1 : line.line] if tree and line.line else []
    except source.Unreadable:
        return ""
    text = "".join(each.decode("utf-8", "replace") for each in found).strip()
    return f"  {''.join(sign for sign in text[:_WIDEST] if sign.isprintable())}" if text else ""


def _growth(growth: Growth) -> str:
    """How time follows size, in words."""
    more = growth.large_s / growth.small_s if growth.small_s > 0 else math.inf
    sizes = [f"{_size(size)} take {seconds:.3g} s" for size, seconds in _both(growth)]
    grown = max(growth.large[name] / growth.small[name] for name in growth.large)
    return f"One call: {sizes[0]}, {sizes[1]}: {more:.3g} times as long for {grown:.3g} times the size."


def _both(growth: Growth) -> tuple[tuple[Mapping[str, int], float], ...]:
    return (growth.small, growth.small_s), (growth.large, growth.large_s)


def _size(size: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in size.items())


def _bound(share: float) -> float:
    return 1.0 / (1.0 - share) if share < 1.0 else math.inf


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _factor(bound: float) -> str:
    return f"at most {bound:.2f}x" if bound < 100 else "100x or more"
