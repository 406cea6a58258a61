"""What leaves the house about a run: only what was recorded, in the words of each format."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.blobs import Blobs
from bot.ending import BadInput
from bot.store import Store
from bot.traces import atif, spans
from bot.traces.command import export, sender, show
from tests.traces.conftest import KEY

pytestmark = pytest.mark.slow


def exported(settings, form, licence=None):
    return "\n".join(export(settings, "r", form, licence))


def test_an_atif_document_has_a_trajectory_for_each_agent(recorded):
    document = atif.document(recorded, "1")

    native, recipes = document["subagent_trajectories"]
    assert [step["step_id"] for step in native["steps"]] == list(range(1, 1 + len(native["steps"])))
    assert native["agent"]["model_name"] == "claude-opus-5-5" and native["agent"]["tool_definitions"]
    first = next(step for step in native["steps"] if step["source"] == "agent")
    assert first["reasoning_content"] == "a list is searched" and first["llm_call_count"] == 1
    assert first["tool_calls"][0]["tool_call_id"] == first["observation"]["results"][0]["source_call_id"]
    assert first["metrics"] == {
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "cached_tokens": 0,
        "cost_usd": pytest.approx(0.0008),
    }
    assert native["extra"]["candidates"][0]["outcome"] == "accepted" and recipes["extra"]["candidates"] == []
    assert [step["llm_call_count"] for step in recipes["steps"] if step["source"] == "agent"] == [0]
    assert document["final_metrics"]["total_prompt_tokens"] == 400, "the attempt that was refused cost nothing"


def test_what_the_judge_saw_meanwhile_stands_in_the_trajectory(recorded):
    native = atif.document(recorded, "1")["subagent_trajectories"][0]

    (judged,) = [step for step in native["steps"] if step.get("extra", {}).get("kind") == "judged"]
    assert judged["source"] == "system" and judged["extra"]["ratio"] == 1.5


def test_harbors_own_models_accept_the_document(recorded, tmp_path):
    """Its models alone, in a folder of their own: they need pydantic, and nothing else of what it brings."""
    install = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", tmp_path]
    subprocess.run([*install, "--no-deps", "--ignore-requires-python", "harbor==0.25.0"], check=True)
    code = "import sys; from harbor.models.trajectories import Trajectory; Trajectory.model_validate_json(sys.stdin.read())"

    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(atif.document(recorded, "1")),
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_training_lines_hold_the_conversation_and_what_was_measured(settings):
    (line,) = [json.loads(line) for line in export(settings, "r", "messages", "Apache-2.0")]

    assert [message["role"] for message in line["messages"][:3]] == ["user", "assistant", "user"]
    assert line["messages"][-1]["content"][0]["text"] == "A set is looked up in constant time."
    assert line["rewards"] == [
        {
            "candidate": "i:1.1",
            "outcome": "accepted",
            "tests_passed": 3,
            "speedup": {"ratio": 2.0, "low": 1.9, "high": 2.1},
            "confirmed": True,
            "reasons": [],
        }
    ]
    assert line["licence"] == "Apache-2.0" and line["redaction"]["secrets_masked"] >= 1 and line["tools"]


def test_nobody_trains_by_accident(settings):
    with pytest.raises(BadInput, match="--licence"):
        export(settings, "r", "messages", None)


@pytest.mark.parametrize("form", ["events", "atif", "messages", "otlp"])
def test_no_secret_is_in_any_export(settings, form):
    told = exported(settings, form, "MIT")

    assert KEY not in told and (form == "otlp" or "[secret]" in told)


def test_spans_are_one_tree_and_hold_no_texts(recorded):
    body = spans.payload(recorded, "1")
    (scope,) = body["resourceSpans"][0]["scopeSpans"]
    by_id = {span["spanId"]: span for span in scope["spans"]}

    roots = [span for span in scope["spans"] if "parentSpanId" not in span]
    assert len(roots) == 1 and len(by_id) == len(scope["spans"])
    assert all(span["parentSpanId"] in by_id for span in scope["spans"] if "parentSpanId" in span)
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in scope["spans"])
    chats = [span for span in scope["spans"] if span["name"] == "chat claude-opus-5-5"]
    assert len(chats) == 5 and sum("status" in span for span in chats) == 1
    assert "constant time" not in json.dumps(body) and "a list is searched" not in json.dumps(body)


@contextmanager
def collector(status=200):
    """An OTLP collector on loopback; what it was sent."""
    sent = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            """Quietly."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", sent
        server.shutdown()
        thread.join()


@pytest.fixture
def store(data):
    store = Store.open(data)
    yield store
    store.close()


def test_a_collector_gets_the_spans_and_twice_are_the_same(data, store, recorded):
    with collector() as (url, sent):
        send = sender(store, Blobs(data / "blobs"), url)
        send("r")
        send("r")

    (path, kind, body), again = sent
    assert (path, kind) == ("/v1/traces", "application/json") and again[2] == body
    assert body["resourceSpans"][0]["scopeSpans"][0]["spans"]


def test_a_collector_that_refuses_or_is_gone_stops_nobody(data, store):
    with collector(status=503) as (url, sent):
        sender(store, Blobs(data / "blobs"), url)("r")
        assert len(sent) == 1

    sender(store, Blobs(data / "blobs"), url)("r")


def test_a_collector_that_speaks_no_http_stops_nobody(data, store, recorded):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            line, _ = server.accept()
            with line:
                line.recv(65536)
                line.sendall(b"SSH-2.0-elsewhere\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        sender(store, Blobs(data / "blobs"), f"http://127.0.0.1:{server.getsockname()[1]}")("r")
        answering.join()


def test_a_run_is_shown_line_by_line(settings):
    told = list(show(settings, "r"))

    assert told[0] == "r: no target, done"
    assert "    reasoning: a list is searched" in told and "  i:1.1: won" in told and "  the search: settled" in told
    edits = "search and replace: 1 of 2 applied, 1 of them after one more turn. Refused: text that was not there (1×)."
    assert f"edits by claude-opus-5-5, {edits}" in told and any("nothing faster" in line for line in told[-1:])
    assert all("\n" not in line and len(line) <= 160 for line in told)


def test_an_unknown_run_or_format_is_named(settings):
    with pytest.raises(BadInput, match="no run `x`"):
        show(settings, "x")
    with pytest.raises(BadInput, match="events, atif"):
        export(settings, "r", "xml", None)
