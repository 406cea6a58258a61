"""Lost, doubled and swapped webhooks and a bot that is killed five times: in the end all is answered, and nothing twice.

A small storm, for every change; `python -m bench.storm` lets the large one of 1,000 deliveries rage.
"""

import pytest

from tests.gitlab.storm import HASTE, UNASKED, rage
from tests.story.conftest import build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def world(tmp_path):
    yield from build(tmp_path, "plain_text", HASTE)


def test_after_a_storm_and_five_kills_everything_is_answered_and_nothing_twice(world):
    world.project.add_member(world.bot_user, 40)  # so that it may switch its hook on again
    storm = rage(world, letters=72, kills=5)

    assert storm.got() == storm.wanted
    assert storm.strays() == []
    assert storm.published() == UNASKED
    assert any(each.dropped or not each.succeeded for each in world.project.deliveries), "the storm was none"
