import pytest

from bot.forge import Forge, ForgeError, Gone, Proposal, Unreachable
from bot.thread import Thread
from tests.bot.conftest import thread_of


def test_the_bot_knows_itself_and_its_project(place):
    project = place.forge.project("team/tools/frames")

    assert place.forge.me().username == "hasten" and place.forge.me().bot
    assert (project.id, project.default_branch, project.archived) == (place.project.id, "main", False)
    assert project.clone_url == f"{place.gitlab.url}/team/tools/frames.git"


def test_access_is_the_effective_level_and_nothing_for_a_stranger(place):
    stranger = place.gitlab.add_user("stranger", "Stranger")

    levels = [place.forge.access(place.project.id, user.id) for user in (place.dev, place.guest, stranger)]

    assert levels == [30, 10, 0]


def test_a_reaction_is_given_once(place):
    _, note, thread = place.issue()

    place.forge.react(thread)
    place.forge.react(thread)

    assert note.emojis == ["eyes"]


def test_a_marked_note_is_written_once_and_then_edited_in_place(place):
    issue, note, thread = place.issue()

    first = place.forge.say(thread, "<!-- m -->", "working <!-- m -->")
    second = place.forge.say(thread, "<!-- m -->", "done <!-- m -->")

    assert first == second
    assert issue.thread_of(note).bodies == ["slow", "done <!-- m -->"]


def test_somebody_elses_copy_of_our_marker_is_not_our_note(place):
    issue, _, thread = place.issue()
    issue.comment(place.dev, "look: <!-- m -->")

    place.forge.say(thread, "<!-- m -->", "mine <!-- m -->")

    assert [note.body for note in issue.notes(place.bot)] == ["mine <!-- m -->"]


def test_answers_land_in_the_thread_of_a_merge_request(place):
    mr = place.merge_request()
    thread = mr.start_thread(place.dev, "why?")

    place.forge.say(
        Thread(place.project.id, "merge_request", mr.iid, thread.notes[0].id, thread.id), "<!-- r -->", "because <!-- r -->"
    )

    assert thread.bodies == ["why?", "because <!-- r -->"]


def test_a_thread_is_resolved_only_if_nobody_else_spoke_in_it(place):
    mr = place.merge_request()
    ours, crowded = mr.start_thread(place.dev, "avoid numba"), mr.start_thread(place.dev, "avoid cache")
    place.project.add_member(place.guest, 30)
    crowded.reply(place.guest, "I disagree")

    resolved = [place.forge.resolve(thread_of(mr, each.notes[0], "merge_request"), place.dev.id) for each in (ours, crowded)]

    assert resolved == [True, False]
    assert (ours.resolved, crowded.resolved) == (True, False)


def test_a_merge_request_is_opened_once_for_a_branch(place):
    place.project.commit(place.bot, "hasten/f", {"a.py": "def f():\n    return 1 + 0\n"})
    proposal = Proposal("hasten/f", "main", "Make f faster", "words", ("hasten",), (place.dev.id,))

    opened = place.forge.open_merge_request(place.project.id, proposal)
    again = place.forge.open_merge_request(place.project.id, proposal)

    assert opened.iid == again.iid
    (mr,) = place.project.merge_requests
    assert (mr.labels, mr.reviewers) == (["hasten"], ["dev"])


def test_a_description_is_rewritten_from_its_present_text(place):
    mr = place.merge_request()
    place.forge.describe(place.project.id, mr.iid, lambda text: text + "ours")
    place.forge.describe(place.project.id, mr.iid, lambda text: text.replace("ours", "ours, newer"), title="Faster")

    assert (mr.description, mr.title) == ("ours, newer", "Faster")


def test_what_is_not_there_is_gone_and_what_is_down_is_unreachable(place):
    with pytest.raises(Gone):
        place.forge.project("team/none")
    with pytest.raises(Gone):
        place.forge.merge_request(place.project.id, 99)
    with pytest.raises(Unreachable):
        Forge("http://127.0.0.1:9", "token").me()


def test_a_refused_token_says_so_and_names_no_secret(place):
    with pytest.raises(ForgeError, match="401") as refusal:
        Forge(place.gitlab.url, "glpat-wrong").me()

    assert "glpat-wrong" not in str(refusal.value)


def test_a_note_that_somebody_deleted_is_said_again(place):
    issue, _note, thread = place.issue()
    place.forge.say(thread, "<!-- m -->", "working <!-- m -->")
    issue.delete_note(place.bot, issue.notes(place.bot)[0])

    place.forge.say(thread, "<!-- m -->", "done <!-- m -->")

    assert [each.body for each in issue.notes(place.bot)] == ["done <!-- m -->"]
