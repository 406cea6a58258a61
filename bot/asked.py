"""What a command asks for beyond what its project says: sizes, hardware and claim, laid over `.hasten.yml` for one run."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ending import Unanswerable
from bot.report import replies
from evaluation.project import Project, TargetSettings
from evaluation.target import BadTarget, Target

SIZES = ("rows", "features")


def applied(project: Project, target: str, options: Mapping[str, Any]) -> Project:
    """The project's settings for a run with these options. A size counts only where the target's inputs have it."""
    if options.get("claim"):
        project = project.model_copy(update={"objective": project.objective.model_copy(update={"claim": options["claim"]})})
    if options.get("hardware"):
        isa = project.hardware.isa.model_copy(update={"require": _united(project.hardware.isa.require, options["hardware"])})
        project = project.model_copy(update={"hardware": project.hardware.model_copy(update={"isa": isa})})
    if not target or not _sizes(options):
        return project
    try:
        wanted = project.target_settings(Target.parse(target))
    except BadTarget:
        return project  # what is wrong with the target is said by its own check
    kept = {name: tuple(numbers) for name, numbers in _sizes(options).items() if name in wanted.sizes}
    changed = wanted.model_copy(update={"sizes": {**wanted.sizes, **kept}})
    others = [each for each in project.targets if each.function != wanted.function]
    return project.model_copy(update={"targets": (*others, changed)})


def check(project: Project, target: str, options: Mapping[str, Any]) -> None:
    """Raises Unanswerable where a size is asked for that the target's inputs do not have."""
    settings: TargetSettings = project.target_settings(Target.parse(target))
    strange = [name for name in _sizes(options) if settings.inputs is None or name not in settings.sizes]
    if strange:
        raise Unanswerable(replies.no_sizes(target, strange, tuple(settings.sizes) if settings.inputs else ()))


def least(*limits: float | None) -> float | None:
    """The lowest of several limits; None where there is none."""
    return min((limit for limit in limits if limit is not None), default=None)


def _sizes(options: Mapping[str, Any]) -> Mapping[str, Sequence[int]]:
    return {name: options[name] for name in SIZES if options.get(name)}


def _united(said: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*said, *(name.lower() for name in asked))))
