"""What a search may do and what it chose to do: plain values, shared by all strategies."""

from dataclasses import dataclass, field
from typing import Literal

from bot.selection.allowance import Allowance

Strategy = Literal["sequential", "parallel", "hybrid", "adaptive"]
Short = Literal["tokens", "money", "calls"]  # the part of a model's budget that is used up
STRATEGIES: tuple[Strategy, ...] = ("sequential", "parallel", "hybrid", "adaptive")
THOROUGH = frozenset({"recipes"})  # agents that say all they have at once: asked again, they only repeat themselves
_OTHER_MODEL, _OTHER_HINT, _OTHER_EDIT = 0.25, 0.25, 0.1  # what an arm says less of another; an edit's form makes no idea
HALF_AN_HOUR = Allowance(seconds=1800.0)


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to get a proposal: who (a model is part of the name), writing edits in which form, told where to look."""

    agent: str
    edit: str = "auto"
    hint: str = ""  # the name of a direction; "" leaves it to the agent

    @property
    def thorough(self) -> bool:
        """Whether one question gets all it has."""
        return self.agent in THOROUGH

    def likeness(self, other: "Arm") -> float:
        """How much a pull of the other says about this one: nothing for another kind of agent, all for the same arm."""
        if self.agent.partition(":")[0] != other.agent.partition(":")[0]:
            return 0.0
        apart = _OTHER_MODEL * (self.agent != other.agent) + _OTHER_HINT * (self.hint != other.hint)
        return 1 - apart - _OTHER_EDIT * (self.edit != other.edit)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search goes: who takes part, in how many rounds, with how many proposals a round, within which budget."""

    agents: tuple[str, ...]
    strategy: Strategy = "adaptive"
    rounds: int = 4  # that brought candidates
    parallel: int = 4
    claim: float = 0.03
    prefer: frozenset[str] = frozenset()  # recipes that reviewers asked for
    budget: Allowance = HALF_AN_HOUR
    variants: tuple[Arm, ...] = ()  # the arms of agents that have several; an agent without any is one arm

    @property
    def arms(self) -> tuple[Arm, ...]:
        """All ways to get a proposal, in the order in which agents take turns."""
        return tuple(arm for agent in self.agents for arm in self.arms_of(agent))

    def arms_of(self, agent: str) -> tuple[Arm, ...]:
        """The arms of one agent."""
        return tuple(arm for arm in self.variants if arm.agent == agent) or (Arm(agent),)

    @property
    def keep(self) -> int:
        """How many of a round's candidates the next round goes on from."""
        return max(1, (self.parallel + 1) // 2)


@dataclass(frozen=True, slots=True)
class Choice:
    """One agent at work in one round: how it proposes, how many drafts, from which candidate (None: the base)."""

    round: int
    arm: Arm
    drafts: int = 1
    parent: str | None = None
    mate: str | None = None  # another good candidate to take ideas from
    lane: int = 1  # within the round: agents of a round work abreast
    share: Allowance = field(default_factory=Allowance)  # what this one may spend, set aside before it starts
    why: str = "turn"  # turn | best | base | kept | bandit | escape

    @property
    def agent(self) -> str:
        """Who proposes."""
        return self.arm.agent

    @property
    def name(self) -> str:
        """Names it within its iteration."""
        return f"{self.round}.{self.lane}"


@dataclass(frozen=True, slots=True)
class Round:
    """What comes next: agents that work abreast."""

    number: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """The search is over, and why."""

    reason: Literal["rounds", "time", "ideas", "settled", "stalled", "evaluations"] | Short
