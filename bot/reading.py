"""Free text of people, made into a rule that the agents understand, into an answer, or into a target. Needs a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.agents.native.remarks import Remark, understand
from bot.agents.native.which import which
from bot.gateway.client import Client
from bot.gateway.exchange import ModelError
from bot.gateway.lease import Budget, BudgetExhausted, Lease
from bot.notebook import Notebook

BUDGET = Budget(tokens=60_000, usd=0.50, calls=4)  # what reading somebody's words once may cost


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks a model what a reviewer means. Whatever the text says, the outcome is a Remark and nothing else."""

    client: Callable[[], Client]
    model: str
    rules: Sequence[str]

    def read(self, remark: str, context: str) -> Remark:
        """The meaning of a comment; unclear where the model cannot be asked or cannot say."""
        client = self.client()
        try:
            return understand(client, Lease(BUDGET), remark, context, self.rules, model=self.model)
        except (ModelError, BudgetExhausted):
            return Remark("unclear")
        finally:
            client.close()


@dataclass(frozen=True, slots=True)
class Chooser:
    """Asks a model which function somebody's words are about, on a run's record and within its budget."""

    client: Callable[[Notebook], Client]
    model: str

    def choose(self, words: str, names: Sequence[str], book: Notebook, purse: Lease) -> str | None:
        """One of the names; None where the model cannot be asked or cannot say."""
        client = self.client(book)
        try:
            return which(client, Lease(BUDGET, part_of=purse), words, names, model=self.model)
        except (ModelError, BudgetExhausted):
            return None
        finally:
            client.close()
