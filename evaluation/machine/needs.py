"""Tests that need an instruction set: where the machine has it they must run and pass, elsewhere they are set aside by name."""

from collections.abc import Iterable, Mapping, Sequence, Set

from evaluation.project import Project

Needs = Mapping[str, Sequence[str]]  # a file, a folder or a test -> the features it needs


def absent(needs: Needs, flags: Set[str] | None) -> Mapping[str, Sequence[str]]:
    """What can't run here, with the features that are missing; where the flags are unknown, all of it."""
    lacking = {place: tuple(each for each in features if each not in (flags or ())) for place, features in needs.items()}
    return {place: features for place, features in lacking.items() if features}


def reduced(project: Project, flags: Set[str] | None) -> Project:
    """The project as it can test itself here: what can't run is neither imported nor run."""
    options = [option for place in absent(project.tests.needs, flags) for option in _options(place)]
    tests = project.tests.model_copy(update={"select": (*project.tests.select, *options)})
    return project.model_copy(update={"tests": tests}) if options else project


def set_aside(needs: Needs, flags: Set[str] | None) -> tuple[str, ...]:
    """What was not run, in words, so that nobody believes it was."""
    return tuple(f"{place} (needs {', '.join(features)})" for place, features in absent(needs, flags).items())


def unmet(needs: Needs, flags: Set[str] | None, passed: Iterable[str], skipped: Iterable[str]) -> str | None:
    """What is wrong before any change with tests that must run here; None where all of them ran and passed."""
    missing = absent(needs, flags)
    passing, left_out = list(passed), sorted(skipped)
    for place, features in needs.items():
        if place in missing:
            continue
        named = f"`{place}` must run where there is {', '.join(features)}"
        gone = next((name for name in left_out if belongs(name, place)), None)
        if gone is not None:
            return f"{named}, but `{gone}` is skipped"
        if not any(belongs(name, place) for name in passing):
            return f"{named}, but none of its tests passes"
    return None


def belongs(name: str, place: str) -> bool:
    """Whether a test, as its report names it (`tests.test_a.Class::test`), lies at a place (`tests/test_a.py::Class`)."""
    file, *inner = place.rstrip("/").split("::")
    dotted = file.removesuffix(".py").replace("/", ".")
    flat = name.replace("::", ".")
    wanted = ".".join([dotted, *inner])
    return flat == wanted or flat.startswith((f"{wanted}.", f"{wanted}["))


def _options(place: str) -> tuple[str, ...]:
    """`--ignore` spares even the import, which may end the process; `--deselect` also reaches what was asked for by name."""
    return (f"--deselect={place}",) if "::" in place else (f"--ignore={place}", f"--deselect={place}")
