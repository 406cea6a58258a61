"""The model's hands: each tool on the tree, and nothing else of the machine."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.agents.changes import Snapshot, changes
from bot.agents.foreign import fenced, shortened
from bot.agents.native import calls, looking
from bot.agents.native.claims import Claims, Profiled
from bot.agents.native.commands import Commands
from bot.agents.native.observation import Observation, Submission
from bot.agents.novelty import alike
from bot.agents.rules import Rules
from bot.editor.applier import Refused
from bot.editor.blocks import read_blocks
from bot.editor.document import Document
from bot.editor.edits import FileEdit, Replace, Request, Symbol, Whole
from bot.editor.forms import Form
from bot.editor.nearest import numbered
from bot.editor.refusal import Refusal
from bot.editor.tree import Tree
from bot.localization import hotspots
from bot.localization.profile import Unprofiled
from sandbox.spec import SandboxError

_DIFF = 20_000
_LINES = 12  # of a profile that are shown with their code

Evaluate = Callable[[Mapping[str, bytes | None]], str]
HANDS: Mapping[Form, str] = {"search-replace": "edit", "symbol": "replace_symbol", "whole-file": "write"}


@dataclass(frozen=True, slots=True)
class Workbench:
    """One attempt's tree and what may be done with it. What is not there (a sandbox, a profiler, a judge) is not offered."""

    tree: Tree
    before: Snapshot
    commands: Commands | None = None
    evaluate: Evaluate | None = None
    claims: Claims | None = None  # the profiler, and what it says of claims
    forms: tuple[Form, ...] = ("search-replace", "symbol")  # in which changes may be asked for, the preferred one first
    rules: Rules = Rules()
    originals: dict[str, bytes | None] = field(default_factory=dict)  # of the files that were edited

    @property
    def offered(self) -> list[str]:
        """Names of the tools that work here."""
        there = {
            "run": self.commands is not None,
            "profile": self.claims is not None,
            "evaluate": self.evaluate is not None,
            **{tool: form in self.forms for form, tool in HANDS.items()},
        }
        return [name for name in calls.TOOLS if there.get(name, True)]

    def changes(self) -> Mapping[str, bytes | None]:
        """What differs from the base by now, less what nobody asked for."""
        return self.rules.asked_for(self.originals, changes(self.tree, self.before))

    def objection(self, changed: Mapping[str, bytes | None]) -> str | None:
        """What speaks against the changes at first sight: what reviewers asked for, or that they were there before."""
        return self.rules.objection(self.originals, changed)

    def use(self, call: calls.Call, seconds: float) -> Observation:
        """Do what the model asked for; nothing takes longer than `seconds`."""
        match call:
            case calls.View():
                return looking.view(self.tree, call)
            case calls.Search():
                return looking.search(self.tree, call)
            case calls.Edit():
                return self._edit([Replace(call.path, call.old, call.new, call.expected_count)], "search-replace")
            case calls.ReplaceSymbol():
                return self._edit([Symbol(call.path, call.name, call.source)], "symbol")
            case calls.Write():
                return self._edit([Whole(call.path, call.content, call.removes, call.shrinks)], "whole-file")
            case calls.Run() if self.commands:
                return self.commands.run(self.tree.root, call.command, min(call.seconds, max(1.0, seconds)))
            case calls.Profile() if self.claims:
                return self._profile(self.claims.profile)
            case calls.Evaluate() if self.evaluate:
                return self._evaluate(self.evaluate)
            case calls.Submit():
                return self._submit(call)
        return Observation("this tool does not work here", failed=True)

    def written(self, text: str) -> Observation | None:
        """Carry out the edits that a text holds as blocks, all or none; None where it holds none."""
        found = read_blocks(text)
        if isinstance(found, Refusal):
            return Observation(fenced(str(found), "editor"), failed=True, form="search-replace", refusals=(found.code,))
        return self._edit(found, "search-replace") if found else None

    def _edit(self, requests: Sequence[Request], form: Form) -> Observation:
        before = {request.path: self.tree.read(request.path) for request in requests}
        answer = self.tree.edit(requests)
        if isinstance(answer, Refused):
            codes = tuple(refusal.code for refusal in answer.refusals)
            told = f"Nothing was changed.\n{fenced(str(answer), 'editor')}"
            return Observation(told, failed=True, form=form, refusals=codes)
        for path, content in before.items():
            self.originals.setdefault(path, content)
        diff = "".join(_diff(each, before[each.path]) for each in answer)
        told = " ".join(f"{path} was changed.{self._noise(path)}" for path in before)
        return Observation(told, diff=diff, form=form)

    def _noise(self, path: str) -> str:
        """What the file's changes hold beside what was asked for, in words."""
        _, found = self.rules.tidied(self.originals.get(path), self.tree.read(path))
        noise = f" Unasked changes in it, which will be taken out: {', '.join(map(str, found.unasked))}." if found.unasked else ""
        return noise + " It is too long to look at all of it for unasked changes." * found.unseen

    def _profile(self, profile: Profiled) -> Observation:
        try:
            found = profile(self.tree.root)
        except (Unprofiled, SandboxError) as error:
            return Observation(f"it could not be profiled: {fenced(str(error), 'profiler')}", failed=True)
        hottest = hotspots.hottest_lines(found)[:_LINES]
        lines = [f"{share:4.0%} {line.path}:{self._line(line.path, line.line)}" for line, share in hottest]
        return Observation(fenced(shortened("\n".join([hotspots.as_text(found), "", *lines])), "profiler"))

    def _line(self, path: str, number: int) -> str:
        return numbered((self.tree.read(path) or b"").decode("utf-8", "replace"), number, number)

    def _evaluate(self, evaluate: Evaluate) -> Observation:
        changed = self.changes()
        if not changed:
            return Observation("nothing is changed yet, so there is nothing to evaluate", failed=True)
        if objection := self.objection(changed):
            return Observation(f"not evaluated: {fenced(objection, 'novelty')}", failed=True)
        note = alike(self.originals, changed, self.rules.tried)
        try:
            told = fenced(shortened(evaluate(changed)), "judge")
            return Observation(f"{told}\n{fenced(note, 'novelty')}" if note else told)
        except SandboxError as error:
            return Observation(f"the judge could not look at it: {error}", failed=True)

    def _submit(self, call: calls.Submit) -> Observation:
        changed = self.changes()
        if not changed:
            return Observation(
                "nothing is changed, so there is nothing to submit; if no change helps, just say so and end", failed=True
            )
        objection, seen = self.objection(changed), ""
        if self.claims and not objection and (call.where or not self.claims.objected):
            objection, seen = self.claims.check(self.tree.root, self.originals, call.where)
        if objection:
            return Observation(f"not submitted: {fenced(objection, 'house')}", failed=True)
        rationale = "\n\n".join(each for each in (call.rationale.strip(), seen) if each)
        return Observation("submitted", submission=Submission(" ".join(call.title.split()), rationale))


def _diff(edit: FileEdit, before: bytes | None) -> str:
    old, new = (Document.decode(content or b"") for content in (before, edit.new_content))
    if old is None or new is None:
        return f"{edit.path}: not text\n"
    lines = difflib.unified_diff(
        old.text.splitlines(keepends=True), new.text.splitlines(keepends=True), f"a/{edit.path}", f"b/{edit.path}"
    )
    return shortened("".join(line if line.endswith("\n") else f"{line}\n" for line in lines), _DIFF)
