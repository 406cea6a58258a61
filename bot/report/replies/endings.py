"""How a run ends that opens no merge request: what was tried, what is known, what to do next."""

from collections.abc import Sequence

from bot.agents.contract import Attempt
from bot.report import quote, tables


def nothing_proven(target: str, attempts: Sequence[Attempt], cost: str = "") -> str:
    """No candidate won. A good result: the code is as fast as I can make it. `cost`: in the words of `replies.search_ended`."""
    again = "With `/optimize prefer …` you can point me somewhere else." if attempts else ""
    return "\n\n".join(part for part in (_nothing(target, ", so I open no merge request", attempts), cost, again) if part)


def nothing_found(target: str, attempts: Sequence[Attempt], cost: str) -> str:
    """The same on the command line."""
    return f"{_nothing(target, '', attempts)}\n\n{cost}"


def _nothing(target: str, hence: str, attempts: Sequence[Attempt]) -> str:
    head = f"I found no change to {quote.code(target)} that is proven to be faster and equally right{hence}."
    if not attempts:
        return f"{head} Nobody had a change to propose that could be measured."
    tried = "I tried one thing:" if len(attempts) == 1 else f"I tried {len(attempts)} things:"
    return f"{head} {tried}\n\n{tables.attempts(attempts)}"


def interrupted(judged: Sequence[Attempt]) -> str:
    """Somebody stopped the command line in the middle of a search."""
    head = "Stopped in the middle: nothing is proven, and nothing was changed."
    if not judged:
        return f"{head} No candidate had been judged by then."
    return f"{head} This is what had been judged by then:\n\n{tables.attempts(judged)}"


def permission_lost(name: str) -> str:
    """The role was taken away while the run was going on."""
    return f"I stopped before pushing anything: {quote.inline(name, 80)} no longer has the role Developer in this project."


def closed_meanwhile(state: str) -> str:
    """The merge request or issue ended while the run was going on."""
    return f"This was {quote.inline(state, 20)} while I was working on it, so I stopped and pushed nothing more."


def branch_moved(branch: str) -> str:
    """A person pushed to the branch."""
    return (
        f"Somebody pushed to {quote.code(branch)} while I was working, and I never overwrite people's commits. "
        "`/optimize retry` starts from the branch as it is now."
    )


def branch_gone(branch: str) -> str:
    """The branch was deleted."""
    return f"The branch {quote.code(branch)} is gone, so I stopped. `/optimize retry` starts again from the default branch."


def push_refused(message: str) -> str:
    """GitLab refuses the push: a rule of the project."""
    head = "I have a proven change, but GitLab does not let me push it:"
    return f"{head}\n\n{quote.block(message, lines=8)}\n\nA maintainer can change the rule, or allow me a branch prefix."


def fork(branch: str = "") -> str:
    """The merge request comes from a fork, where the bot can't push."""
    where = quote.code(branch) if branch else "This merge request's branch"
    return f"{where} belongs to a fork, where I can't push. Ask in the fork itself, or after the merge."


def internal_error(run: str) -> str:
    """A bug of ours."""
    where = f"Who runs this bot finds the details under run {quote.code(run, 80)}."
    return f"Something went wrong on my side, and nothing was pushed. {where} `/optimize retry` tries again."


def _tried(attempts: Sequence[Attempt]) -> str:
    if not attempts:
        return ""
    return "\n\n" + tables.fold(f"All that was tried ({len(attempts)})", tables.attempts(attempts))
