"""Whether the profile sees what a rationale claims: the named function must take less time per call than it did."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bot.localization import hotspots
from bot.localization.profile import Hotspot, Profile, Unprofiled
from sandbox import workspace
from sandbox.spec import SandboxError

Profiled = Callable[[Path], Profile]  # of the target in a tree; raises Unprofiled
_LESS = 0.9  # of its time before; above that, nothing was saved that a profile could see
_NAMED = 6


@dataclass(slots=True)
class Claims:
    """One attempt's claims. It objects once: a profile is evidence for the model, the judge decides."""

    profile: Profiled
    objected: bool = False  # or shall not object: what reviewers wish for need be no gain
    _before: Profile | None = None

    def check(self, tree: Path, originals: Mapping[str, bytes | None], where: str) -> tuple[str | None, str]:
        """What speaks against the claim that time goes away at `where` (None: nothing), and what was seen, in words."""
        try:
            before, after = self._taken(tree, originals)
        except (Unprofiled, SandboxError, workspace.WorkspaceError, OSError) as error:
            return None, f"The claim could not be checked: {error}"
        objection, seen = compare(where, before, after)
        if objection is None or self.objected:
            return None, seen
        self.objected = True
        return objection, seen

    def _taken(self, tree: Path, originals: Mapping[str, bytes | None]) -> tuple[Profile, Profile]:
        if self._before is None:
            with tempfile.TemporaryDirectory(prefix="hasten-before-", ignore_cleanup_errors=True) as folder:
                base = workspace.copy(tree, Path(folder) / "tree")
                workspace.write(base, originals)
                self._before = self.profile(base)
        return self._before, self.profile(tree)


def compare(where: str, before: Profile, after: Profile) -> tuple[str | None, str]:
    """An objection where the named function is unknown or takes as long as before; and both times in words."""
    spot = _named(where, before)
    if spot is None:
        known = ", ".join(f"`{each.hotspot.name}`" for each in hotspots.rank(before)[:_NAMED])
        return f"the profile of the code as it was knows no `{where}`; name what gets cheaper: {known or 'nothing'}", ""
    was, now = _seconds(spot, before), sum(_seconds(each, after) for each in after.functions if _alike(each, spot))
    seen = (
        f"Per call, {spot.name} took {was:.3g} s of {_call(before):.3g} s before and {now:.3g} s of {_call(after):.3g} s after."
    )
    if now > _LESS * was and _call(after) > _LESS * _call(before):
        return f"the profile does not see the gain. {seen} Find out why, or name what really gets cheaper", seen
    return None, seen


def _named(where: str, profile: Profile) -> Hotspot | None:
    """The project's function that `where` names: `f`, `Class.f`, `path:line`, or as the profile writes it."""
    words = where.strip().strip("`").removesuffix("()")
    last = words.rpartition(".")[2] if ":" not in words else words
    found = (each.hotspot for each in hotspots.rank(profile))
    return next((each for each in found if last in (each.name, str(each), f"{each.path}:{each.line}")), None)


def _alike(one: Hotspot, other: Hotspot) -> bool:
    return one.ours and (one.path, one.name) == (other.path, other.name)


def _seconds(spot: Hotspot, profile: Profile) -> float:
    return profile.saving(spot) * _call(profile)


def _call(profile: Profile) -> float:
    """Seconds of one call, as far as it was timed without a profiler."""
    if profile.growth:
        return profile.growth.large_s
    times = [each for each in profile.times if each]
    return median(times) if times else profile.total_s / max(profile.calls, 1)
