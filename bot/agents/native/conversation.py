"""The loop: ask, do what the model asks for, tell it what came of it, until it ends. The history is the trajectory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot.agents import record
from bot.agents.native import calls
from bot.agents.native.observation import Observation
from bot.agents.native.stint import Over, Stint
from bot.agents.native.workbench import HANDS, Workbench
from bot.gateway.client import Client
from bot.gateway.exchange import Block, ModelError, Reply, Stopped
from bot.gateway.lease import BudgetExhausted

_ANSWER = 32_000  # tokens of one answer, thoughts included; the lease may lower it
_FAILED_EDITS = 3
_CUT = "Your answer was cut off at its length limit, so this call was not carried out. Answer shorter, in smaller edits."


@dataclass(slots=True)
class Conversation:
    """One attempt's exchange with a model."""

    client: Client
    model: str
    system: str
    bench: Workbench
    stint: Stint
    effort: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    heard: Callable[[], str] = str  # what the judge has said meanwhile, unasked
    failed_edits: int = 0
    last_words: str = ""

    def run(self, prompt: str) -> NoReturn:
        """Go on until the attempt is over, and raise Over to say how."""
        self._say({"type": "text", "text": prompt})
        while True:
            self.stint.step()
            self._turn(self._ask())

    def _ask(self) -> Reply:
        try:
            reply = self.client.ask(
                self._request(),
                self.stint.lease,
                stop=self.stint.why_stop,
                retried=self.stint.retried,
                seconds=max(1.0, self.stint.seconds_left),
            )
        except BudgetExhausted as exhausted:
            raise Over("limit", str(exhausted), short=exhausted.part) from exhausted
        except Stopped as stopped:
            raise Over("aborted" if self.stint.cancelled() else "limit", str(stopped)) from stopped
        except ModelError as error:
            raise Over("api_error", str(error)) from error
        self.stint.used(reply)
        return reply

    def _request(self) -> Mapping[str, Any]:
        effort = {"output_config": {"effort": self.effort}} if self.effort else {}
        return {
            "model": self.model,
            "max_tokens": _ANSWER,
            "system": self.system,
            "tools": calls.specifications(self.bench.offered),
            "thinking": {"type": "adaptive", "display": "summarized"},
            "cache_control": {"type": "ephemeral"},
            "messages": self.messages,
            **effort,
        }

    def _turn(self, reply: Reply) -> None:
        """Take one answer in. Stop reasons nobody has heard of yet end the turn."""
        self._voice(reply)
        wanted = reply.blocks("tool_use")
        match reply.stop_reason:
            case "tool_use" if wanted:
                self._append(reply)
                self._answer([(block, self._carry_out(block)) for block in wanted])
            case "pause_turn" if reply.content:
                self._append(reply)
            case "end_turn" if written := self.bench.written(_text(reply)):
                self._append(reply)
                self._note("edit", None, written)
                self._say({"type": "text", "text": f"{written.text}\n{self.stint.left}"})
            case "max_tokens":
                self._cut_off(reply, wanted)
            case "refusal":
                raise Over("refused", reply.stop_details or "the model refused")
            case "model_context_window_exceeded":
                raise Over("limit", "the model's context window is full")
            case reason:
                raise Over("completed", "" if reason == "end_turn" else f"the model stopped: {reason}")

    def _voice(self, reply: Reply) -> None:
        for block in reply.content:
            if block.get("type") == "thinking" and block.get("thinking"):
                self.stint.tell("reasoning", str(block["thinking"]))
            elif block.get("type") == "text" and block.get("text"):
                self.last_words = str(block["text"])
                self.stint.tell("message", self.last_words)

    def _carry_out(self, block: Block) -> Observation:
        """One tool call. Three failed edits in a row end the attempt: the model has lost sight of the file."""
        self.stint.go_on()
        name = str(block.get("name"))
        self.stint.tell("tool_call", name, {"id": block.get("id"), "name": name, "input": block.get("input")})
        call = calls.read(name, block.get("input"), self.bench.offered)
        observation = Observation(call, failed=True) if isinstance(call, str) else self.bench.use(call, self.stint.seconds_left)
        self._note(name, block.get("id"), observation)
        if observation.submission:
            raise Over("completed", "submitted", observation.submission)
        return observation

    def _note(self, name: str, call: object, observation: Observation) -> None:
        """Tell what came of a call (or of an edit written as text), and count edits that failed."""
        edit = record.told(self.model, observation.form, observation.refusals) if observation.form else {}
        told = {"id": call, "name": name, "failed": observation.failed, **edit}
        self.stint.tell("tool_result", observation.text, told)
        if observation.diff:
            self.stint.tell("file_changed", observation.diff)
        if name in HANDS.values():
            self.failed_edits = self.failed_edits + 1 if observation.failed else 0
        if self.failed_edits >= _FAILED_EDITS:
            raise Over("edit_failed", f"{_FAILED_EDITS} edits in a row could not be applied")

    def _cut_off(self, reply: Reply, wanted: Sequence[Block]) -> None:
        """An answer that hit its limit: half a call is never carried out, half a thought never sent back."""
        if _resendable(reply):
            self._append(reply)
            self._answer([(block, Observation(_CUT, failed=True)) for block in wanted], _CUT if not wanted else "")
        else:
            self._say({"type": "text", "text": _CUT})

    def _append(self, reply: Reply) -> None:
        """The answer, unchanged: signed thoughts are only good as they came."""
        content = [dict(block) for block in reply.content]
        if self.messages[-1]["role"] == "assistant":
            self.messages[-1]["content"] += content
        else:
            self.messages.append({"role": "assistant", "content": content})

    def _answer(self, results: Sequence[tuple[Block, Observation]], note: str = "") -> None:
        """One message of the user with every result, and the budget under it."""
        blocks = [dict(observation.block(str(block["id"]))) for block, observation in results]
        self._say(*blocks, {"type": "text", "text": "\n".join(filter(None, (note, self.heard(), str(self.stint.left))))})

    def _say(self, *blocks: dict[str, Any]) -> None:
        """Speak as the user, in the message that is still open where there is one: roles take turns."""
        if self.messages and self.messages[-1]["role"] == "user":
            self.messages[-1]["content"] += blocks
        else:
            self.messages.append({"role": "user", "content": [*blocks]})


def _text(reply: Reply) -> str:
    return "\n".join(str(block.get("text", "")) for block in reply.blocks("text"))


def _resendable(reply: Reply) -> bool:
    """Whether the API would take its own answer back: not with an unsigned thought or an empty text at its end."""
    last = reply.content[-1] if reply.content else {}
    needed = {"thinking": "signature", "text": "text"}.get(str(last.get("type")), "type")
    return bool(last.get(needed))
