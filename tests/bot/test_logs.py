"""Logs as events without secrets, wherever in an event a secret hides."""

import json

import pytest
import structlog
from pydantic import SecretStr

from bot import logs
from bot.settings import Settings

SECRET = "correct-horse-battery"


class Endpoint:
    def __repr__(self):
        return f"Endpoint({SECRET})"


@pytest.fixture
def logged(capsys):
    """What one event comes out as."""
    before = structlog.get_config()

    def log(event, **fields):
        logs.configure([SecretStr(SECRET)])  # here, since standard error is another one in each phase of a test
        structlog.get_logger().warning(event, **fields)
        line = capsys.readouterr().err
        assert SECRET not in line
        return json.loads(line)

    yield log
    structlog.configure(**before)


def test_an_event_is_one_line_of_json_with_its_fields(logged):
    line = logged("candidate.judged", outcome="accepted", seconds=2)

    assert (line["event"], line["outcome"], line["seconds"], line["level"]) == ("candidate.judged", "accepted", 2, "warning")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "field",
    [
        f"https://user:{SECRET}@gitlab.example.com",
        {"headers": [{"PRIVATE-TOKEN": SECRET}]},
        {SECRET: 1},
        ValueError(f"401 for {SECRET}"),
        {"deep": (Endpoint(),)},
        SecretStr(SECRET),
    ],
)
def test_a_secret_is_masked_in_values_of_every_kind(logged, field):
    assert logged("webhook.refused", field=field)["field"]


def test_a_secret_is_masked_in_tracebacks_and_in_the_event_itself(logged):
    try:
        raise RuntimeError(f"no answer with {SECRET}")
    except RuntimeError:
        line = logged(f"run.failed {SECRET}", exc_info=True)

    assert "no answer with [secret]" in line["exception"] and line["event"] == "run.failed [secret]"


def test_a_token_that_nobody_named_is_masked_by_its_shape(logged):
    assert logged("x", text="glpat-abcdefghijklmnopqrst")["text"] == "[secret]"


def test_every_secret_of_the_settings_is_kept_out():
    told = {
        "gitlab_token": "a-token",
        "webhook_secret": "a-secret",
        "webhook_signing_token": "a-sign",
        "anthropic_api_key": "a-key",
    }

    assert {each.get_secret_value() for each in Settings(**told).secrets()} >= {"a-token", "a-secret", "a-sign"}
