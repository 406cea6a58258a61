"""Which functions are worth changing: ranked by the time that a change to each could save, with Amdahl's bound on the gain."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.localization import outline
from bot.localization.profile import Hotspot, Profile
from evaluation.fence import matches
from evaluation.target import Target

WORTH_SHOWING = 0.005  # share of the whole below which a line says nothing
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
    ordered = sorted(ours, key=lambda hotspot: (-hotspot.addressable_s, hotspot.path, hotspot.line))
    return tuple(Ranked(hotspot, *_bounded(hotspot.addressable_s, profile.total_s)) for hotspot in ordered)


def suggest(profile: Profile, tree: Path, fenced: Iterable[str] = ()) -> tuple[Suggestion, ...]:
    """Targets for somebody who named none: what tests of the tree spend their time in, less tests and fenced files."""
    closed = (*_TESTS, *fenced)
    seconds: dict[Target, float] = {}
    for ranked in rank(profile):
        path = ranked.hotspot.path
        if any(matches(path, pattern) for pattern in closed):
            continue
        if target := outline.enclosing(path, ranked.hotspot.line, tree):
            seconds[target] = seconds.get(target, 0.0) + ranked.hotspot.addressable_s
    ordered = sorted(seconds.items(), key=lambda entry: (-entry[1], str(entry[0])))
    return tuple(Suggestion(target, *_bounded(each, profile.total_s)) for target, each in ordered)


def is_test(path: str) -> bool:
    """Whether a file, by where it lies and what it is called, tests others."""
    return any(matches(path, pattern) for pattern in _TESTS)


def as_text(profile: Profile, most: int = 8) -> str:
    """The profile for a brief or a report: plain lines, names as the project wrote them."""
    lines = [
        f"{profile.total_s:.3g} s under the profiler in {_calls(profile.calls)}.",
        "",
        "A change to this function alone could save:",
    ]
    lines += [
        f"  {ranked.share:4.0%} (at most {_factor(ranked.bound)}): {ranked.hotspot}, {_calls(ranked.hotspot.calls)}"
        for ranked in rank(profile)[:most]
        if ranked.share >= WORTH_SHOWING
    ]
    lines += ["", "Time spent inside, without what is called from there:"]
    expensive = sorted(profile.functions, key=lambda hotspot: -hotspot.own_s)[:most]
    lines += [
        f"  {share:4.0%} {hotspot}, {_calls(hotspot.calls)}"
        for hotspot in expensive
        if (share := _bounded(hotspot.own_s, profile.total_s)[0]) >= WORTH_SHOWING
    ]
    return "\n".join(lines)


def _bounded(seconds: float, total: float) -> tuple[float, float]:
    share = min(seconds / total, 1.0) if total > 0 else 0.0
    return share, 1.0 / (1.0 - share) if share < 1.0 else math.inf


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _factor(bound: float) -> str:
    return f"{bound:.2f}x" if bound < 100 else "all there is"
