"""Every way an attempt can end, by the model's stop reasons, the endpoint's faults and the limits."""

import threading

import pytest

from bot.agents.contract import Limits
from bot.agents.native.agent import Native
from bot.gateway.lease import Budget, Lease
from tests.messages_server import BAD_REQUEST, OVERLOADED, RATE_LIMITED, Fault, refusal, text, tool, tools
from tests.native.bench import MODEL, NEW, OLD, TARGET, assignment, stage

EDIT = tool("edit", path=TARGET.path, old=OLD, new=NEW)
VIEW = tool("view", path="src")
WRONG = tool("edit", path=TARGET.path, old="no such line", new="x")


def limited(**limits):
    return assignment(limits=Limits(**{"steps": 10, "tokens": 200_000, "usd": 2.0, "seconds": 60, **limits}))


def test_faults_that_pass_do_not_end_it(tmp_path):
    with stage(tmp_path, [RATE_LIMITED, OVERLOADED, EDIT, text("cut").but(cut_after=3), text("done")]) as scene:
        ended = scene.propose()

    assert ended.reason == "completed" and len(ended.drafts) == 1
    assert len(scene.kinds("retry")) == 3 and "429" in scene.kinds("retry")[0].text


def test_faults_that_stay_end_it_and_the_tree_is_kept(tmp_path):
    with stage(tmp_path, [EDIT, *[Fault(529)] * 3]) as scene:
        ended = scene.propose()

    assert ended.reason == "api_error" and "529" in ended.detail
    assert ended.drafts[0].title == "Change that was not submitted"


def test_a_request_that_the_endpoint_refuses_ends_it(tmp_path):
    with stage(tmp_path, [BAD_REQUEST]) as scene:
        ended = scene.propose()

    assert (ended.reason, ended.drafts) == ("api_error", ()) and "no such parameter" in ended.detail


def test_a_refusal_ends_it_without_a_draft(tmp_path):
    with stage(tmp_path, [EDIT, refusal("cyber", "not this")]) as scene:
        ended = scene.propose()

    assert (ended.reason, ended.drafts, ended.detail) == ("refused", (), "not this")


def test_a_turn_that_ends_without_a_submission_leaves_its_tree(tmp_path):
    with stage(tmp_path, [EDIT, text("A set is looked up in constant time.")]) as scene:
        ended = scene.propose()

    assert ended.reason == "completed" and ended.drafts[0].rationale == "A set is looked up in constant time."


@pytest.mark.parametrize("reason", ["stop_sequence", "something_new"])
def test_stop_reasons_nobody_knows_end_the_turn(tmp_path, reason):
    with stage(tmp_path, [EDIT, VIEW.but(stop_reason=reason)]) as scene:
        ended = scene.propose()

    assert ended.reason == "completed" and reason in ended.detail and len(ended.drafts) == 1
    assert len(scene.kinds("tool_call")) == 1


def test_a_full_context_is_a_limit(tmp_path):
    with stage(tmp_path, [text("...").but(stop_reason="model_context_window_exceeded")]) as scene:
        ended = scene.propose()

    assert ended.reason == "limit" and "context" in ended.detail


def test_a_paused_turn_is_sent_back_as_it_was(tmp_path):
    with stage(tmp_path, [text("thinking").but(stop_reason="pause_turn"), EDIT, text("done")]) as scene:
        ended = scene.propose()

    assert [message["role"] for message in scene.server.requests[1].body["messages"]] == ["user", "assistant"]
    assert len(ended.drafts) == 1


def test_half_a_tool_call_is_never_carried_out(tmp_path):
    cut = EDIT.but(stop_reason="max_tokens", content=({**EDIT.content[0], "input": '{"path": "src/pairs.py", "old": "    fou'},))
    with stage(tmp_path, [cut, EDIT, text("done")]) as scene:
        ended = scene.propose()

    (result,) = scene.server.requests[1].results
    assert result["is_error"] is True and "cut off" in result["content"]
    assert ended.reason == "completed"


def test_half_a_thought_is_not_sent_back(tmp_path):
    half = {"type": "thinking", "thinking": "perhaps a"}
    cut = text("").but(stop_reason="max_tokens", content=(half,))
    with stage(tmp_path, [VIEW, cut, text("on").but(stop_reason="pause_turn"), cut, text("done")]) as scene:
        ended = scene.propose()

    assert not any(half["thinking"] in request.text for request in scene.server.requests)
    assert "cut off" in scene.server.requests[2].last[-1]["text"] and "cut off" in scene.server.requests[4].last[-1]["text"]
    assert ended.reason == "nothing"


def test_a_text_cut_at_its_limit_goes_on(tmp_path):
    with stage(tmp_path, [text("a long story").but(stop_reason="max_tokens"), EDIT, text("done")]) as scene:
        ended = scene.propose()

    assert "Answer shorter" in scene.server.requests[1].last[0]["text"] and len(ended.drafts) == 1


def test_three_failed_edits_in_a_row_end_it(tmp_path):
    with stage(tmp_path, [WRONG, WRONG, EDIT, WRONG, WRONG, VIEW, WRONG]) as scene:
        ended = scene.propose()

    assert ended.reason == "edit_failed" and scene.server.left == 0


def test_steps_are_limited_and_counted_down(tmp_path):
    with stage(tmp_path, [VIEW, VIEW]) as scene:
        ended = scene.propose(task=limited(steps=2))

    assert ended.reason == "limit" and "2 steps" in ended.detail
    assert "1 steps" in scene.server.requests[1].last[-1]["text"]


def test_tokens_are_limited_before_they_are_spent(tmp_path):
    hungry = VIEW.but(usage={"input_tokens": 9000, "output_tokens": 500})
    with stage(tmp_path, [hungry]) as scene:
        ended = scene.propose(task=limited(tokens=13_000))

    assert ended.reason == "limit" and "token budget" in ended.detail and ended.short == "tokens"
    assert ended.tokens == 9500


def test_money_is_limited(tmp_path):
    dear = VIEW.but(usage={"input_tokens": 20_000, "output_tokens": 1000})
    with stage(tmp_path, [dear]) as scene:
        ended = scene.propose(task=limited(usd=0.12))

    assert (ended.reason, ended.short) == ("limit", "money") and ended.usd == pytest.approx(0.1)


def test_a_shared_lease_binds_every_agent(tmp_path):
    shared = Lease(Budget(calls=1))
    with stage(tmp_path, [VIEW]) as scene:
        ended = scene.propose(lease=shared)

    assert ended.reason == "limit" and shared.spent.tokens == ended.tokens == 120


def test_time_is_limited_even_while_the_model_talks(tmp_path):
    with stage(tmp_path, [EDIT, text("a very long story").but(pause_s=0.05)]) as scene:
        ended = scene.propose(task=limited(seconds=0.2))

    assert ended.reason == "limit" and "time" in ended.detail and len(ended.drafts) == 1


def test_cancelling_ends_it_without_a_draft(tmp_path):
    called_off = threading.Event()

    def call_off(_):
        called_off.set()
        return VIEW

    with stage(tmp_path, [EDIT, call_off]) as scene:
        ended = scene.propose(cancelled=called_off.is_set)

    assert (ended.reason, ended.drafts) == ("aborted", ())


def test_what_was_called_off_carries_nothing_out_any_more(tmp_path):
    called_off = threading.Event()

    def evaluate(_):
        called_off.set()
        return "fine"

    with stage(
        tmp_path, [EDIT, tools(("evaluate", {}), ("edit", {"path": "src/late.py", "old": "", "new": "x = 1\n"}))]
    ) as scene:
        ended = scene.propose(cancelled=called_off.is_set, evaluate=evaluate)

    assert ended.reason == "aborted" and not (tmp_path / "src/late.py").exists()


def test_cancelling_does_not_wait_for_a_retry(tmp_path):
    called_off = threading.Event()

    def busy(_):
        called_off.set()
        return Fault(429, headers={"retry-after": "100"})

    with stage(tmp_path, [busy]) as scene:
        ended = scene.propose(cancelled=called_off.is_set)

    assert ended.reason == "aborted"


def test_an_unknown_price_is_told_as_unknown(tmp_path):
    with stage(tmp_path, [text("no")]) as scene:
        scene.model = "model-of-tomorrow"
        ended = scene.propose()

    assert ended.usd is None and ended.tokens == 120


def test_without_a_key_it_says_what_is_missing(tmp_path):
    agent = Native(None, model=MODEL)

    assert "ANTHROPIC_API_KEY" in str(agent.preflight())
    assert agent.propose(assignment(), tmp_path, lambda _: None).reason == "api_error"
