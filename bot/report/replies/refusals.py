"""Why a run cannot start: what is missing, and the least that helps. Nothing was changed in any of these."""

from collections.abc import Sequence

from bot.report import evidence, quote


def no_such_function(target: str, near: Sequence[str] = ()) -> str:
    """The file is there, the function is not."""
    return f"There is no function {quote.code(target)} on this branch.{_did_you_mean(near)}"


def no_such_file(path: str, near: Sequence[str] = ()) -> str:
    """The file is not there."""
    return f"There is no file {quote.code(path)} on this branch. Paths start at the repository's root.{_did_you_mean(near)}"


def not_python(path: str) -> str:
    """A target in another language."""
    named = "named like `src/frames/sort.py::sort_frame`"
    return f"{quote.code(path)} is not Python. I can only optimize Python functions, {named}."


def nothing_to_optimize() -> str:
    """No target was named and none was found."""
    return "I found no function here that takes a measurable part of the time. Name one: `/optimize path/to/file.py::function`."


def no_function_here(path: str, line: int) -> str:
    """A comment in a diff, on a line outside every function."""
    where = quote.code(f"{path}:{line}")
    return f"{where} stands in no function that I could optimize. Name one: `/optimize path/to/file.py::function`."


def nothing_touched() -> str:
    """A merge request that changes no function."""
    what = "This merge request changes no Python function outside the tests"
    return f"{what}, so I don't know what to optimize. Name it: `/optimize path/to/file.py::function`."


def no_such_agent(name: str, known: Sequence[str]) -> str:
    """`--agent` with a name that nobody here has."""
    return f"There is no agent {quote.code(name, 60)} here; there {'is' if len(known) == 1 else 'are'} {evidence.names(known)}."


def no_sizes(target: str, asked: Sequence[str], known: Sequence[str]) -> str:
    """`--rows` or `--features` for a function whose inputs have no such size."""
    options = " and ".join(quote.code(f"--{name}") for name in asked)
    head = f"{options} can't be followed for {quote.code(target)}"
    if known:
        return f"{head}: its inputs have the sizes {evidence.names(known)}, and you can set those in `.hasten.yml`."
    return f"{head}: `.hasten.yml` names no `inputs` for it that take such a size, so its inputs come from the tests as they are."


def environment_does_not_build(log: str) -> str:
    """The project's environment could not be built."""
    head = "I changed nothing: the project's environment does not build. The last lines were:"
    return f"{head}\n\n{quote.block(log, lines=12)}\n\nWhat is run is under `environment` in `.hasten.yml`."


def bad_project_file(error: Exception) -> str:
    """`.hasten.yml` is refused; the error names file, line and what to write instead."""
    return f"I changed nothing: the project's configuration has a mistake. {quote.passage(str(error), 600)}"


def not_committed(files: Sequence[str]) -> str:
    """On the command line: files that steer the judge are not in the checkout as they are at HEAD."""
    verb = "differs" if len(files) == 1 else "differ"
    return f"{_listed(files)} {verb} from HEAD, and what counts is HEAD: commit {'it' if len(files) == 1 else 'them'} first."


def bad_target(target: str, error: str) -> str:
    """The target cannot be one."""
    return f"I can't take {quote.code(target)} as a target: {quote.passage(error, 300)}"


def cannot_judge(error: Exception) -> str:
    """The judge cannot tell right from wrong or fast from slow here; the error says why, and the cure."""
    return f"I changed nothing, because I could not judge a change here: {quote.passage(str(error), 1_500)}"


def empty_repository() -> str:
    """There is no branch yet."""
    return "This repository is still empty, so there is nothing to optimize."


def gitlab_refused(error: str) -> str:
    """GitLab says no to something the run needs."""
    cure = "A maintainer can see under the project's access settings what I may do."
    return f"GitLab does not let me go on:\n\n{quote.block(error, lines=6)}\n\n{cure}"


def confidential() -> str:
    """A confidential issue, in a project where a merge request would tell about it."""
    return (
        "This issue is confidential, and a branch or merge request would give it away, so I do nothing here. "
        "Ask in a place that is not confidential."
    )


def _listed(files: Sequence[str]) -> str:
    return " and ".join(quote.code(each) for each in files)


def _did_you_mean(near: Sequence[str]) -> str:
    return f" Did you mean {evidence.names(near)}?" if near else ""
