"""`native`: proposes by letting a model read, edit and run the project; whatever the tree has become in the end is the draft."""

from collections.abc import Callable
from pathlib import Path

from bot.agents.changes import snapshot
from bot.agents.contract import Draft, Emit, Ended, Task
from bot.agents.native.claims import Claims, Profiled
from bot.agents.native.commands import Commands
from bot.agents.native.conversation import Conversation
from bot.agents.native.observation import Submission
from bot.agents.native.prompt import render, task_prompt
from bot.agents.native.stint import Over, Stint
from bot.agents.native.workbench import HANDS, Evaluate, Workbench
from bot.agents.rules import WITHOUT_DRAFT, Rules
from bot.editor.forms import Form, choose, records
from bot.editor.scope import Scope
from bot.editor.tree import Tree
from bot.gateway.client import Client
from bot.gateway.lease import Budget, Lease
from sandbox.environment import Environment
from sandbox.tier import Sandbox

_UNSUBMITTED = "Change that was not submitted"


def _not_cancelled() -> bool:
    return False


def _nothing_heard() -> str:
    return ""


class Native:
    """An `Agent` on the Messages API. Without a client it says so in `preflight`; without a sandbox it works without `run`."""

    def __init__(
        self,
        client: Callable[[], Client] | None,
        *,
        model: str,
        name: str = "native",
        sandbox: Sandbox | None = None,
        environment: Environment | None = None,
        evaluate: Evaluate | None = None,
        profile: Profiled | None = None,
        lease: Lease | None = None,
        effort: str | None = None,
        cancelled: Callable[[], bool] = _not_cancelled,
        owner: str = "hasten",
        heard: Callable[[], str] = _nothing_heard,
    ) -> None:
        self.name = name
        self._client = client
        self._model = model
        self._commands = Commands(sandbox, environment, owner, cancelled) if sandbox and environment else None
        self._evaluate = evaluate
        self._profile = profile
        self._lease = lease
        self._effort = effort
        self._cancelled = cancelled
        self._heard = heard

    def preflight(self) -> str | None:
        """Whether there is a model to ask. Its endpoint is not called for that."""
        return None if self._client else "no API key is set for the model; set ANTHROPIC_API_KEY"

    def propose(self, task: Task, tree: Path, emit: Emit) -> Ended:
        """One conversation, at most one draft."""
        if self._client is None:
            return Ended("api_error", detail=self.preflight() or "")
        client = self._client()
        try:
            return self._converse(task, Tree(tree, Scope(task.editable, task.fenced)), client, emit)
        finally:
            client.close()

    def _converse(self, task: Task, tree: Tree, client: Client, emit: Emit) -> Ended:
        lease = Lease(Budget(task.limits.tokens, task.limits.usd), part_of=self._lease)
        stint = Stint(task.limits, lease, client.mask, emit, self._cancelled)
        forms = self._forms(task, tree)
        bench = Workbench(
            tree,
            snapshot(tree),
            self._commands,
            self._evaluate,
            Claims(self._profile, objected=bool(task.lessons.remarks)) if self._profile else None,
            forms,
            Rules.of(task),
        )
        system = render("system", tools=bench.offered, preferred=HANDS[forms[0]])
        talk = Conversation(client, self._model, system, bench, stint, self._effort, heard=self._heard)
        told = {"agent": self.name, "model": self._model, "effort": self._effort, "tools": bench.offered, "edit": forms[0]}
        stint.tell("started", str(task.target), told)
        try:
            talk.run(task_prompt(task, tree, str(stint.left)))
        except Over as over:
            return self._ended(over, talk, stint)

    def _forms(self, task: Task, tree: Tree) -> tuple[Form, ...]:
        """The forms in which the model may ask for changes, the preferred one first."""
        match task.edit:
            case "auto":
                lines = (tree.read(task.target.path) or b"").count(b"\n")
                by_form = {form: each for (model, form), each in records(task.edits).items() if model == self._model}
                return tuple(dict.fromkeys((choose(lines, by_form), "search-replace", "symbol")))
            case "symbol":
                return ("symbol", "search-replace")  # imports belong to no symbol
            case form:
                return (form,)

    def _ended(self, over: Over, talk: Conversation, stint: Stint) -> Ended:
        """The result is the tree, submitted or not, unless the model refused or somebody called the attempt off."""
        changed = {} if over.reason in WITHOUT_DRAFT else talk.bench.changes()
        objection = talk.bench.objection(changed)
        changed = {} if objection else changed
        account = over.submission or Submission(_UNSUBMITTED, talk.last_words or over.detail)
        drafts = (Draft(stint.mask.text(account.title), stint.mask.text(account.rationale), changed),) if changed else ()
        reason = "nothing" if over.reason == "completed" and not drafts else over.reason
        detail = objection or over.detail or talk.last_words
        spent = stint.lease.spent
        stint.tell(
            "ended",
            detail,
            {"reason": reason, "drafts": len(drafts), "usd": spent.usd, "tokens": spent.tokens, "calls": spent.calls},
        )
        return Ended(reason, drafts, stint.mask.text(detail), spent.usd, spent.tokens, over.short)
