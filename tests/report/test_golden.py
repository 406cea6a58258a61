"""What people read, as files."""

from pathlib import Path

import pytest

from bot.report import examples, iteration, merge_request, replies, status
from bot.report.catalogue import catalogue, page
from bot.report.facts import Stage
from handlers.commands import read
from tests.report.golden import FOLDER, hold

KEY = b"golden"
TEXTS = {
    "merge-request": lambda: merge_request.description(examples.story(), project=7, key=KEY),
    "merge-request-second": lambda: merge_request.description(
        examples.story(examples.FIRST, examples.SECOND), project=7, key=KEY
    ),
    "commit": lambda: merge_request.commit_text(
        examples.TARGET, examples.CHANGE.title, examples.CHANGE.rationale, examples.FIRST.scorecard, examples.RUN
    ),
    "iteration": lambda: iteration.reply(examples.FIRST, examples.SECOND),
    "iteration-nothing": lambda: iteration.nothing(examples.FIRST, examples.FUTILE),
    "status-queued": lambda: status.render(examples.progress(Stage.QUEUED)),
    "status-searching": lambda: status.render(examples.progress(Stage.SEARCHING)),
    "status-cancelled": lambda: status.render(examples.progress(Stage.CANCELLED)),
    "nothing-proven": lambda: replies.nothing_proven(examples.TARGET, examples.ATTEMPTS[1:]),
    "help": lambda: replies.help_text(bot="hasten"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_it_reads_as_agreed(name):
    hold(FOLDER / f"{name}.md", TEXTS[name]() + "\n")


def test_no_golden_file_is_left_over():
    assert {path.stem for path in FOLDER.glob("*.md")} == set(TEXTS)


def test_the_catalogue_page_is_the_code():
    hold(Path(__file__).parents[2] / "docs" / "sentences.md", page())


def test_every_reply_is_in_the_catalogue():
    shown = {name.partition(",")[0] for name, _ in catalogue()}

    assert set(replies.__all__) <= shown


@pytest.mark.parametrize(("name", "example"), catalogue())
def test_nothing_the_bot_says_is_an_order_to_itself(name, example):
    assert read(example, bot="hasten") == [], name
    assert not any(line.startswith("/") for line in example.splitlines()), name
