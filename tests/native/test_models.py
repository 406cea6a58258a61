"""Several models as one family of agents, each with its own effort."""

import pytest
from pydantic import ValidationError

from bot.hiring import agents
from bot.planning import called
from bot.settings import Settings
from tests.messages_server import text
from tests.native.bench import stage


def settings(**changes: object) -> Settings:
    return Settings(**{"anthropic_api_key": "k", "agents": ("recipes",), **changes})


def test_each_model_is_an_agent_of_its_own():
    hired = agents(settings(models=("claude-opus-5-5:high", "claude-haiku-5-5", "claude-opus-5-5:low")))

    assert list(hired) == ["recipes", "native", "native:claude-haiku-5-5", "native:claude-opus-5-5:low"]


def test_one_model_is_simply_native():
    assert list(agents(settings())) == ["recipes", "native"]


def test_a_familys_name_means_all_of_it():
    assert called("native:claude-haiku-5-5", "native") and called("native", "native")
    assert not called("native", "native:claude-haiku-5-5") and not called("natives", "native")


def test_an_effort_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError):
        settings(models=("claude-opus-5-5:heroic",))


def test_model_effort_and_name_are_told_at_the_start(tmp_path):
    with stage(tmp_path, [text("no")]) as scene:
        scene.propose(name="native:claude-opus-5-5:low", effort="low")

    (started,) = scene.kinds("started")
    assert (started.data["agent"], started.data["model"], started.data["effort"]) == (
        "native:claude-opus-5-5:low",
        "claude-opus-5-5",
        "low",
    )
    assert scene.server.requests[0].body["output_config"] == {"effort": "low"}
