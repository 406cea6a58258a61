"""How a run may search: as its command says, else as its project says, within what this host allows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.asked import least
from bot.editor.forms import fitting
from bot.ending import Unanswerable
from bot.iteration import Iteration
from bot.report import replies
from bot.selection.allowance import Allowance
from bot.selection.plan import THOROUGH, Arm, Plan
from evaluation.project import Project

DEFAULT_MINUTES = 30.0
HINTS = ("", "algorithm", "data", "library")  # directions that an agent with a model can be given


@dataclass(frozen=True, slots=True)
class HostLimits:
    """What this host lets one run cost."""

    minutes: float = DEFAULT_MINUTES
    usd: float | None = None


ORDINARY = HostLimits()


def plan(
    iteration: Iteration, project: Project, hired: Sequence[str], prefer: Iterable[str], host: HostLimits, lines: int = 0
) -> Plan:
    """The plan of an iteration among the agents that were hired here; `lines` has the target's file.

    Raises Unanswerable for an agent that may not take part.
    """
    asked = iteration.options
    agents = _agents(asked.get("agents") or (), project.search.agents, hired)
    return Plan(
        agents=agents,
        strategy=asked.get("strategy") or project.search.strategy,
        rounds=project.search.rounds,
        parallel=project.search.parallel,
        claim=project.objective.claim,
        prefer=frozenset(prefer),
        budget=budget(iteration, project, host),
        variants=_variants(agents, project.search.edit, lines),
    )


def called(name: str, word: str) -> bool:
    """Whether `word` means this agent: by its name, or by its family's (`native` means each of its models)."""
    return name == word or name.startswith(f"{word}:")


def budget(iteration: Iteration, project: Project, host: HostLimits) -> Allowance:
    """The least of what the command, the project and this host allow."""
    asked, wanted = iteration.options, project.budget
    minutes = least(asked.get("minutes"), wanted.minutes, host.minutes) or DEFAULT_MINUTES
    usd = least(asked.get("usd"), wanted.usd, host.usd)
    return Allowance(60 * minutes, wanted.tokens, usd, wanted.calls, wanted.evaluations)


def _agents(asked: Sequence[str], named: Sequence[str], hired: Sequence[str]) -> tuple[str, ...]:
    """Whom the command asks for, among those that the project names: only these may see its code. Nobody named: all."""
    allowed = _among(hired, named)
    if named and not allowed:
        raise Unanswerable(replies.no_such_agent(named[0], hired))
    for word in asked:
        if not _among(allowed, [word]):
            raise Unanswerable(replies.no_such_agent(word, allowed))
    return _among(allowed, asked)


def _among(names: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Those that are meant, in the order of the words; all where there are none."""
    return tuple(dict.fromkeys(name for word in words for name in names if called(name, word))) if words else tuple(names)


def _variants(agents: Sequence[str], edit: str, lines: int) -> tuple[Arm, ...]:
    """What an agent with a model can be asked: each direction; and, where nobody said how edits are written, each form."""
    ways = [(edit, hint) for hint in HINTS] + [(form, "") for form in fitting(lines) if edit == "auto"]
    return tuple(Arm(agent, form, hint) for agent in agents if agent not in THOROUGH for form, hint in ways)
