"""The client against a scripted endpoint, through the real SDK: what it retries, what it bills, what it never tells."""

import ssl

import pytest
from pydantic import SecretStr

from bot.gateway.client import Client, Endpoint
from bot.gateway.exchange import ModelUnavailable, RequestRefused, Stopped
from bot.gateway.lease import Budget, BudgetExhausted, Lease
from bot.gateway.retries import Retries
from bot.gateway.usage import Usage
from tests.messages_server import (
    BAD_REQUEST,
    GARBAGE,
    OVERLOADED,
    RATE_LIMITED,
    Fault,
    MessagesServer,
    Request,
    problems,
    refusal,
    text,
    thinking,
    tool,
)

KEY = "scripted-key-0123456789"
TOKEN = "glpat-" + "abcd" * 5
MODEL = "claude-opus-5-5"


class Line:
    """A client on a script, with what it recorded and retried."""

    def __init__(self, script, *, budget=None, model=MODEL, **endpoint):
        self.server = MessagesServer(script)
        self.lease = Lease(budget or Budget(tokens=200_000, usd=5.0))
        self.records, self.waits = [], []
        self._model = model
        self._endpoint = {"retries": Retries(most=2, busy_s=0.0, first_s=0.01), **endpoint}

    def __enter__(self):
        self.server.__enter__()
        self.client = Client(Endpoint(SecretStr(KEY), base_url=self.server.url, **self._endpoint), self.records.append)
        return self

    def __exit__(self, *how):
        self.client.close()
        self.server.__exit__(*how)

    def ask(self, words="hello", **options):
        request = {"model": self._model, "max_tokens": 8000, "messages": [{"role": "user", "content": words}]}
        return self.client.ask(request, self.lease, retried=lambda *wait: self.waits.append(wait), **options)


def test_an_answer_comes_with_its_usage_and_price():
    with Line([thinking("hm", text("hi"))]) as line:
        reply = line.ask()

    assert reply.text == "hi" and reply.stop_reason == "end_turn"
    assert reply.usage == Usage(input=100, output=20)
    assert reply.usd == pytest.approx((100 * 4 + 20 * 20) / 1e6)
    assert line.lease.spent.tokens == 120 and line.lease.spent.calls == 1


def test_thoughts_come_back_with_their_signature():
    with Line([thinking("hm", tool("view", path="a.py"))]) as line:
        reply = line.ask()

    assert reply.blocks("thinking")[0]["signature"] == "c2lnbmVk"
    assert reply.blocks("tool_use")[0]["input"] == {"path": "a.py"}


def test_rate_limits_and_overload_pass():
    with Line([RATE_LIMITED, OVERLOADED, text("hi")]) as line:
        reply = line.ask()

    assert reply.text == "hi"
    assert [wait[1] for wait in line.waits] == [0.01, 0.01]
    assert line.lease.spent.calls == 3


@pytest.mark.parametrize(
    "fault",
    [
        GARBAGE,
        Fault(raw=b"<html>gateway</html>"),
        Fault(raw=b""),
        Fault(in_stream=True, kind="overloaded_error"),
        text("hello world").but(cut_after=3),
        text("hello world").but(cut_after=4, reset=True),
        Fault(status=500),
    ],
)
def test_a_broken_answer_is_asked_for_again(fault):
    with Line([fault, text("hi")]) as line:
        reply = line.ask()

    assert reply.text == "hi" and len(line.waits) == 1


def test_what_arrived_of_a_cut_answer_is_billed():
    with Line([text("hello world " * 50).but(cut_after=4), text("hi")]) as line:
        line.ask()

    assert line.lease.spent.tokens > 120 + 100 + 600 // 4


def test_an_endpoint_that_stays_broken_is_unavailable():
    with Line([OVERLOADED] * 3) as line, pytest.raises(ModelUnavailable, match=r"3 attempts.*529"):
        line.ask()


def test_an_endpoint_that_is_busy_for_long_is_waited_for():
    with Line([*[RATE_LIMITED, OVERLOADED] * 5, text("hi")], retries=Retries(most=1, busy_s=60.0)) as line:
        reply = line.ask()

    assert reply.text == "hi" and len(line.waits) == 10


def test_but_not_for_ever_and_not_where_it_is_broken():
    with (
        Line([OVERLOADED] * 4, retries=Retries(most=1, busy_s=0.025)) as line,
        pytest.raises(ModelUnavailable, match="4 attempts"),
    ):
        line.ask()
    with (
        Line([Fault(500)] * 2, retries=Retries(most=1, first_s=0.01)) as line,
        pytest.raises(ModelUnavailable, match="2 attempts"),
    ):
        line.ask()


def test_a_refused_request_is_not_repeated():
    with Line([BAD_REQUEST]) as line, pytest.raises(RequestRefused, match="no such parameter"):
        line.ask()

    assert len(line.server.requests) == 1


def test_the_server_decides_whether_to_come_back():
    stay_away = Fault(529, "overloaded_error", headers={"x-should-retry": "false"})
    come_back = Fault(400, headers={"x-should-retry": "true", "retry-after-ms": "1"})

    with Line([come_back, stay_away]) as line, pytest.raises(RequestRefused):
        line.ask()

    assert len(line.server.requests) == 2


def test_a_server_that_asks_for_hours_is_as_good_as_gone():
    with Line([Fault(429, headers={"retry-after": "9999"})]) as line, pytest.raises(ModelUnavailable, match="9999"):
        line.ask()


def test_a_refusal_of_the_model_is_an_answer():
    with Line([refusal("cyber", "no")]) as line:
        reply = line.ask()

    assert (reply.stop_reason, reply.stop_details, reply.content) == ("refusal", "no", ())


def test_a_caller_that_has_enough_stops_the_stream():
    answers = iter([None, None, "cancelled"])

    with Line([text("a long answer").but(pause_s=0.01)]) as line, pytest.raises(Stopped, match="cancelled"):
        line.ask(stop=lambda: next(answers, "cancelled"))

    assert line.lease.spent.tokens >= 100 and line.lease.left().tokens == 200_000 - line.lease.spent.tokens


def test_a_silent_stream_is_not_waited_for():
    with Line([text("x").but(pause_s=0.6), text("hi")]) as line:
        reply = line.ask(seconds=0.15)

    assert reply.text == "hi"


def test_an_exhausted_budget_asks_nobody():
    with Line([], budget=Budget(tokens=1500)) as line, pytest.raises(BudgetExhausted, match="token budget"):
        line.ask()

    assert line.server.requests == []


def test_the_answer_may_not_be_longer_than_the_budget_allows():
    with Line([text("hi")], budget=Budget(usd=0.06)) as line:
        line.ask()

    assert 1024 <= line.server.requests[0].body["max_tokens"] < 3000


def test_an_unknown_price_is_unknown_and_the_tokens_still_bind():
    with Line([text("hi")], model="some-new-model", budget=Budget(tokens=10_000, usd=0.000001)) as line:
        reply = line.ask()
        assert reply.usd is None and line.lease.spent.usd is None
        with pytest.raises(BudgetExhausted):
            line.ask("x" * 60_000)


def test_the_key_is_sent_but_never_told():
    echo = lambda request: Fault(401, "authentication_error", f"bad key {request.key}")  # noqa: E731 (a step of the script)

    with Line([echo]) as line, pytest.raises(RequestRefused) as refused:
        line.ask(f"my key is {KEY}, my token {TOKEN}")

    assert line.server.requests[0].key == KEY
    told = f"{refused.value} {line.records} {line.client.mask.text(KEY)}"
    assert KEY not in told and TOKEN not in told and "[secret]" in told


def test_the_key_is_not_carried_elsewhere_by_a_redirect():
    with MessagesServer([]) as elsewhere:
        away = Fault(307, headers={"location": f"{elsewhere.url}/v1/messages"})
        with Line([away]) as line, pytest.raises(RequestRefused):
            line.ask()

    assert elsewhere.requests == []


def test_every_attempt_is_on_record():
    with Line([OVERLOADED, text("hi")]) as line:
        line.ask()

    failed, answered = line.records
    assert "529" in failed.error and not answered.error
    assert answered.request["messages"][0]["content"] == "hello"
    assert answered.response["content"][0]["text"] == "hi" and answered.usage.output == 20


def test_a_missing_certificate_bundle_is_noticed_at_once(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text("no certificate")

    with pytest.raises(ssl.SSLError):
        Client(Endpoint(SecretStr(KEY), ca=bundle))


def test_the_scripted_endpoint_notices_malformed_requests():
    def noticed(messages, **more):
        body = {"model": "m", "max_tokens": 1, "messages": messages, **more}
        return list(problems(Request(body, {"x-api-key": "k", "anthropic-version": "2023-06-01"})))

    call = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "x", "input": {}}]}
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": ""}]}
    user = {"role": "user", "content": "hi"}

    assert noticed([user, call, result]) == []
    assert noticed([user, user]) and noticed([call]) and noticed([user, call]) and noticed([user, call, user])
    assert noticed([user], temperature=0) and noticed([user], tool_choice={"type": "any"})
