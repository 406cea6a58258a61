"""Whatever goes wrong ends in one clear sentence in the right thread, and nothing half-done stays behind."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TARGET = "src/words.py::frequent_words"


def said(thread):
    """What the bot said besides its status note."""
    return [body for body in thread()[1:] if "<sub>" not in body]


def nothing_left(world):
    assert world.project.merge_requests == []
    assert list(world.project.branches) == ["main"]


def test_a_guest_is_told_once_that_more_rights_are_needed(world):
    _, thread = world.ask(f"/optimize {TARGET}", user=world.guest)
    world.work()

    (sentence,) = thread()[1:]
    assert "Developer" in sentence
    nothing_left(world)


def test_a_function_that_does_not_exist_is_named_with_the_nearest_one(world):
    _, thread = world.ask("/optimize src/words.py::frequent_word")
    world.work()

    (sentence,) = said(thread)
    assert "no function" in sentence and "frequent_words" in sentence
    nothing_left(world)


def test_a_file_that_does_not_exist_and_one_that_is_not_python(world):
    _, missing = world.ask("/optimize src/wrods.py::frequent_words")
    _, foreign = world.ask("/optimize web/app.js::render")
    world.work()

    assert "no file" in said(missing)[0] and "src/words.py" in said(missing)[0]
    assert "not Python" in said(foreign)[0]
    nothing_left(world)


def test_tests_that_fail_before_any_change_are_named(world):
    broken = (
        world.project.file("tests/test_words.py")
        + "\n\nclass Broken(unittest.TestCase):\n    def test_red(self):\n        self.fail()\n"
    )
    world.project.commit(world.dev, "main", {"tests/test_words.py": broken}, "Break a test")
    _, thread = world.ask(f"/optimize {TARGET}")
    world.work()

    (sentence,) = said(thread)
    assert "fail" in sentence
    nothing_left(world)


def test_a_repository_that_does_not_build_shows_the_last_lines(world):
    config = world.project.file(".hasten.yml") + 'environment:\n  setup: ["echo about to fail; false"]\n'
    world.project.commit(world.dev, "main", {".hasten.yml": config}, "Break the build")
    _, thread = world.ask(f"/optimize {TARGET}")
    world.work()

    (sentence,) = said(thread)
    assert "does not build" in sentence and "about to fail" in sentence
    nothing_left(world)


def test_a_bad_project_file_is_refused_with_its_line(world):
    world.project.commit(world.dev, "main", {".hasten.yml": "version: 1\ntarget: []\n"}, "Break the settings")
    _, thread = world.ask(f"/optimize {TARGET}")
    world.work()

    (sentence,) = said(thread)
    assert "line 2" in sentence and "targets" in sentence
    nothing_left(world)


def test_a_project_without_settings_is_served_too(world):
    world.project.commit(world.dev, "main", {".hasten.yml": None}, "No settings")
    _, thread = world.ask(f"/optimize {TARGET}")
    world.work()

    assert len(said(thread)) == 1


def test_commands_in_quotes_and_the_bots_own_words_start_nothing(world):
    issue, thread = world.ask(f"> /optimize {TARGET}")
    issue.comment(world.bot_user, f"/optimize {TARGET}")
    world.work()

    assert len(thread()) == 1
    assert [note.body for note in issue.notes(world.bot_user)] == [f"/optimize {TARGET}"]
    nothing_left(world)


def test_the_same_hook_twice_and_an_edited_comment_do_the_work_once(world):
    world.gitlab.postage.duplicate = 1.0
    issue, thread = world.ask("/optimize src/words.py::nothing_here")
    world.work()
    note = issue.notes(world.dev)[0]
    issue.edit_note(world.dev, note, "/optimize  src/words.py::nothing_here\n\nplease!")
    world.work()

    assert len(said(thread)) == 1
    assert note.emojis == ["eyes"]


def test_help_mistakes_and_free_text_are_answered_without_work(world):
    _, helped = world.ask("/optimize help")
    _, mistaken = world.ask("/optimize --claim lots src/words.py::frequent_words")
    _, free = world.ask("/optimize it is slow for wide texts")
    world.work()

    assert "avoid" in helped()[-1] and len(helped()) == 2
    assert "claim" in mistaken()[-1] and len(mistaken()) == 2
    assert "language model" in free()[-1] and len(free()) == 2


def test_a_run_can_be_cancelled(world):
    issue, thread = world.ask(f"/optimize {TARGET}")
    issue.comment(world.dev, "/optimize cancel")
    world.work()

    assert world.project.merge_requests == []
    assert any("Cancelled" in body for body in thread())
