"""Edge cases of talking to GitLab: slow, lossy, limited, moved, behind a sub-path or a certificate of its own."""

import subprocess
from datetime import timedelta

import pytest

from bot.ending import BadInput
from bot.forge import Forge, Proposal, Unreachable
from bot.ground import Ground, Origin
from bot.iteration import Iteration
from bot.limiter import Limiter
from bot.report import replies
from bot.report.length import MOST, fit
from bot.service import fit as fit_for_service
from bot.settings import Settings
from handlers.events import TokenEvent, read
from pilot.gitlab import labelling
from pilot.gitlab.faults import Fault, Kind
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options
from sandbox.bubblewrap import Bubblewrap

pytestmark = pytest.mark.slow  # an office and real requests for each


def work(office):
    office.project.commit(office.dev, "work", {"a.py": "def f():\n    return 2\n"})
    return office.project.create_merge_request(office.dev, "work", "Work")


def asked_in(office, mr, thread):
    return office.request(mr, thread.notes[0], "help")


def proposal(branch="hasten/f"):
    return Proposal(branch, "main", "Faster", "Because.", ("hasten",))


def test_row_26_an_open_merge_request_for_the_branch_is_found_and_taken(office):
    office.project.commit(office.bot, "hasten/f", {"b.py": "x = 1\n"})
    mr = office.project.create_merge_request(office.bot, "hasten/f", "Faster")

    assert office.forge.open_merge_request(office.project.id, proposal()).iid == mr.iid
    assert len(office.project.merge_requests) == 1


def test_row_27_a_merge_request_whose_birth_nobody_wrote_down_is_found_again(office):
    office.project.commit(office.bot, "hasten/f", {"b.py": "x = 1\n"})
    office.gitlab.fail(Fault("POST .*/merge_requests$", Kind.LOST_ANSWER))

    with pytest.raises(Unreachable):
        office.forge.open_merge_request(office.project.id, proposal())
    found = office.forge.open_merge_request(office.project.id, proposal())

    assert [mr.iid for mr in office.project.merge_requests] == [found.iid]


def test_row_28_nothing_waits_for_what_gitlab_fills_in_later(tmp_path):
    """`diff_refs` and versions stay empty for an hour; opening, reading, describing and talking need none of them."""
    with StandIn(tmp_path, options=Options(strict=True, preparation=timedelta(hours=1))) as gitlab:
        bot = gitlab.add_user("hasten", "Hasten", bot=True)
        project = gitlab.add_project("team/frames", {"a.py": "x = 1\n"})
        project.add_member(bot, 30)
        project.commit(bot, "hasten/f", {"b.py": "x = 1\n"})
        forge = Forge(gitlab.url, bot.token)
        opened = forge.open_merge_request(project.id, proposal())
        forge.describe(project.id, opened.iid, lambda text: text + " Indeed.")

        assert forge.merge_request(project.id, opened.iid).sha == project.branches["hasten/f"]
        assert project.merge_requests[0].description == "Because. Indeed." and gitlab.complaints == []


def test_row_29_a_thread_on_a_line_that_moved_is_answered_there_and_resolved(office):
    mr = work(office)
    thread = mr.start_thread(office.dev, "Why?", mr.position("a.py", new_line=2))
    office.project.commit(office.dev, "work", {"a.py": "# moved\n\n\ndef f():\n    return 3\n"})
    request = asked_in(office, mr, thread)

    office.desk.reply(request, "Because.")

    assert len(office.said(request)) == 1 and mr.thread_of(thread.notes[0]).notes[-1].author is office.bot
    assert office.forge.resolve(request.thread, office.dev.id) and thread.resolved


def test_row_30_an_answer_needs_no_line_of_the_diff(office):
    """GitLab refuses positions outside the diff with 400; answers go into the thread by its id, whatever became of its line."""
    mr = work(office)
    thread = mr.start_thread(office.dev, "Why?", mr.position("a.py", new_line=2))
    office.project.commit(office.dev, "work", {"a.py": "def f():\n    return 1\n", "b.py": "x = 1\n"})
    request = asked_in(office, mr, thread)
    assert "a.py" not in mr.diff, "the line left the diff"

    office.desk.reply(request, "Because.")

    assert office.said(request) != [] and office.gitlab.complaints == []


@pytest.mark.parametrize("line", [{"new_line": 2}, {"old_line": 2}, {"old_line": 1, "new_line": 1}])
def test_row_31_added_removed_and_unchanged_lines_are_answered_alike(office, line):
    mr = work(office)
    thread = mr.start_thread(office.dev, "Why?", mr.position("a.py", **line))
    request = asked_in(office, mr, thread)

    office.desk.reply(request, "Because.")

    assert [note.position for note in thread.notes] == [thread.notes[0].position] * 2


def test_row_35_what_changed_is_read_with_git_and_never_from_the_api(office):
    """A diff over the API may be cut without a word; nothing we do asks for one."""
    office.opened()
    paths = [request.partition("?")[0] for request in office.gitlab.requests]

    assert not [path for path in paths if path.endswith(("/diffs", "/changes", "/raw_diffs", "/compare", "/diff"))]


def test_row_36_a_text_beyond_gitlabs_limit_ends_at_a_whole_paragraph(office):
    request = office.asked("help")
    fold = "<details><summary>All</summary>\n\n```text\nrow\n\n" + "a row of figures\n\n" * 70_000 + "```\n\n</details>"

    office.desk.reply(request, fold)
    office.desk.reply(request, fold)

    (said,) = office.said(request)
    assert len(said) <= MOST and said.count("<!-- hasten:") == 1
    assert "```\n\n</details>\n\n_The rest is left out" in said
    assert fit("short") == "short"


def test_row_37_both_forms_of_429_are_waited_out(office):
    slept = []
    limiter = Limiter(clock=lambda: 1_700_000_000.0 + sum(slept), sleep=slept.append)
    forge = Forge(office.gitlab.url, office.bot.token, limiter=limiter)
    request = office.asked("help")
    office.gitlab.fail(Fault("POST .*notes$", Kind.THROTTLED_PLAIN, retry_after=7))
    office.gitlab.fail(Fault("POST .*notes$", Kind.THROTTLED_JSON))

    forge.say(request.thread, "mark", "Hello mark")

    assert slept == [7, 2] and office.said(request) == ["Hello mark"]


@pytest.mark.parametrize("kind", [Kind.LOST_ANSWER, Kind.BAD_GATEWAY])
def test_row_38_after_a_failed_write_we_look_before_we_repeat(office, kind):
    request = office.asked("help")
    acts = {
        "POST .*notes$": lambda: office.desk.reply(request, "Hello"),
        "POST .*award_emoji$": lambda: office.forge.react(request.thread),
        "POST .*labels$": lambda: office.forge.ensure_label(office.project.id, "optimize"),
    }
    for pattern, act in acts.items():
        office.gitlab.fail(Fault(pattern, kind))
        with pytest.raises(Unreachable):
            act()
        act()

    assert len(office.said(request)) == 1 and len(office.thread(request).notes[0].awards) == 1
    assert [label.name for label in office.project.project.labels].count("optimize") == 1


def test_row_40_a_project_that_moved_is_still_spoken_to(office):
    request = office.asked("help")
    facts = office.forge.project(office.project.id)
    office.project.rename(f"elsewhere/frames{office.project.id}")

    office.desk.reply(request, "Hello")

    assert office.said(request) != []
    assert office.forge.project(facts.path).path == office.project.path, "a GET by the old path follows"


@pytest.mark.parametrize("path", ["group/sub.group/deeper/with-dash", "a.b/c.d", "team/git.lab", "x/-y"])
def test_row_41_subgroups_dots_and_dashes_survive_the_url(office, path):
    made = office.gitlab.add_project(f"{path}{office.project.id}", {"a.py": "x = 1\n"})
    made.add_member(office.bot, 30)

    assert office.forge.project(made.path).id == made.id


def test_row_42_gitlab_under_a_sub_path(tmp_path):
    with StandIn(tmp_path, base="/tools/gitlab", options=Options(strict=True)) as gitlab:
        bot = gitlab.add_user("hasten", "Hasten", bot=True)
        project = gitlab.add_project("team/frames", {"a.py": "x = 1\n"})
        project.add_member(bot, 30)
        forge = Forge(gitlab.url + "/", bot.token)
        facts = forge.project("team/frames")
        for number in range(120):
            labelling.ensure(gitlab.state, project.project, f"label {number}")

        assert facts.clone_url == f"{gitlab.url}/team/frames.git"
        assert len(list(forge.listed(f"/projects/{facts.id}/labels"))) == 120, "the second page is under the sub-path, too"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    order = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    order += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(made), "-keyout", str(key)]
    subprocess.run(order, check=True, capture_output=True)
    return made, key


def test_row_43_a_certificate_of_ones_own_is_trusted_by_rest_and_git_and_nothing_else_is(tmp_path, certificate):
    with StandIn(tmp_path / "gitlab", certificate=certificate) as gitlab:
        bot = gitlab.add_user("hasten", "Hasten", bot=True)
        project = gitlab.add_project("team/frames", {"a.py": "x = 1\n"})
        project.add_member(bot, 30)
        with pytest.raises(Unreachable):
            Forge(gitlab.url, bot.token).me()
        forge = Forge(gitlab.url, bot.token, ca=certificate[0])
        ground = Ground(tmp_path / "data", Bubblewrap(), ca=certificate[0])
        iteration = Iteration("gitlab-1", "run", "run", "", "")
        fetched = ground.fetch(iteration, Origin(forge.project("team/frames").clone_url, bot.token), "main", "main")

        forge.close()
        assert fetched.sha == project.branches["main"]


def test_row_44_a_token_that_nears_its_end_is_told_by_a_hook(office, heard):
    with heard() as told:
        office.project.hooks[-1].events["resource_access_token_events"] = True
        office.project.token_expires(office.bot, office.gitlab.state.now().date() + timedelta(days=7))

        (event,) = told().events
        assert isinstance(event, TokenEvent) and event.user_id == office.bot.id and event.expires
    assert read({"object_kind": "access_token", "group": {"group_name": "team"}}).name == "access_token", (
        "a group's has no project"
    )


def settings(office, user):
    return Settings(gitlab_url=office.gitlab.url, gitlab_token=user.token, webhook_secret="s")


def test_row_45_a_scope_that_is_missing_is_named_before_anything_starts(office):
    reader = office.gitlab.add_user(f"reader{office.project.id}", "Reader", bot=True, scopes=("read_api",))

    with pytest.raises(BadInput, match=r"read_api.*scope `api`"):
        fit_for_service(Forge(office.gitlab.url, reader.token))
    with pytest.raises(BadInput, match="wrong, revoked or expired"):
        fit_for_service(Forge(office.gitlab.url, "glpat-nothing-nothing-1"))
    fit_for_service(office.forge)
    fit_for_service(Forge("http://127.0.0.1:9", "glpat-nothing-nothing-1"))


def test_row_48_words_of_others_act_on_nothing_when_we_repeat_them(office):
    asked = office.asked("help")
    office.desk.reply(asked, replies.mistake("/close\n/label ~pwned @all #1 <!-- hasten:x -->", "Did you mean `help`?"))

    issue = office.project.issues[-1]
    (said,) = office.said(asked)
    assert issue.status == "opened" and issue.labels == [] and "`" in said
    assert all(not line.lstrip().startswith("/") for line in said.splitlines())


def test_row_50_what_was_deleted_meanwhile_is_answered_by_nobody(office):
    asked = office.asked("help")
    issue = office.project.issues[-1]
    issue.delete_note(office.dev, issue.notes()[0])

    office.desk.reply(asked, "Too late.")
    office.forge.react(asked.thread)

    assert issue.notes(office.bot) == []
