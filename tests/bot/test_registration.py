"""`hasten register`: the hook and the label, once."""

from datetime import date, timedelta

import pytest
from pydantic import SecretStr

from bot.ending import BadInput
from bot.registration import ending, register
from bot.settings import Settings

SIGNING = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@pytest.fixture
def settings(office):
    office.project.add_member(office.bot, 40)
    return Settings(
        gitlab_url=office.gitlab.url, gitlab_token=office.bot.tokens[0].value, webhook_signing_token=SIGNING, webhook_secret=None
    )


def test_the_hook_and_the_label_are_made_once(office, settings):
    first = list(register(settings, office.project.path, "https://bot.example.com/"))
    second = list(register(settings, office.project.path, "https://bot.example.com"))

    (hook,) = office.project.hooks
    assert hook.url == "https://bot.example.com/webhook/gitlab" and hook.signing_token == SIGNING
    assert hook.events["note_events"] and hook.events["emoji_events"] and not hook.events["push_events"]
    assert hook.branch_filter == "hasten/*" and hook.events["resource_access_token_events"]
    assert (
        "installed" in first[0] and "created" in first[1] and "brought up to date" in second[0] and "there already" in second[1]
    )
    assert all(SIGNING not in line for line in (*first, *second))


def test_a_hook_of_somebody_else_stays_as_it_is(office, settings):
    office.project.add_hook("https://other.example.com", events=("push_events",))
    list(register(settings, office.project.path, "https://bot.example.com"))

    other, ours = office.project.hooks
    assert other.events["push_events"] and not other.events["note_events"] and ours.events["note_events"]


@pytest.mark.parametrize(
    ("change", "project", "url", "named"),
    [
        ({}, "team/none", "https://bot.example.com", "no project"),
        ({}, None, "bot.example.com", "no address"),
        ({"webhook_signing_token": None}, None, "https://bot.example.com", "HASTEN_WEBHOOK_SIGNING_TOKEN"),
        ({"gitlab_token": None}, None, "https://bot.example.com", "HASTEN_GITLAB_TOKEN"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_installed(office, settings, change, project, url, named):
    with pytest.raises(BadInput, match=named):
        list(register(settings.model_copy(update=change), project or office.project.path, url))

    assert office.project.hooks == []


def test_a_token_without_a_maintainers_role_is_told_so(office, settings):
    office.project.add_member(office.bot, 30)

    with pytest.raises(BadInput, match="Maintainer"):
        list(register(settings, office.project.path, "https://bot.example.com"))


def told(office, settings, path=None, bot=None):
    return list(register(settings, path or office.project.path, "https://bot.example.com", bot))


def test_a_group_means_every_project_below_it_where_the_token_may(office, settings):
    group = f"{office.project.path}-group"
    made = [office.gitlab.add_project(f"{group}/{name}", {"a.py": "x = 1\n"}) for name in ("one", "sub/two", "foreign")]
    other = office.gitlab.add_project(f"x-{group}/three", {"a.py": "x = 1\n"})
    for project, level in ((made[0], 40), (made[1], 50), (made[2], 30), (other, 40)):
        project.add_member(office.bot, level)

    lines = told(office, settings, group)

    assert [len(project.hooks) for project in (*made, other)] == [1, 1, 0, 0]
    assert {line.partition(":")[0] for line in lines} == {made[0].path, made[1].path}


@pytest.mark.parametrize(("level", "word"), [(0, "make @"), (20, "make @"), (30, "switch its hook on"), (40, None)])
def test_what_an_owner_must_still_do_for_the_bots_account_is_said(office, settings, level, word):
    account = office.gitlab.add_user(f"worker{level}-{office.project.id}", "Worker", bot=True)
    if level:
        office.project.add_member(account, level)

    _hook, _label, _asking, *rest = told(office, settings, bot=account.username)

    assert [word in line for line in rest] == ([True] if word else [])


def test_a_protected_pattern_of_our_branches_is_named(office, settings):
    office.project.project.protected.append("hasten/*")

    assert any("which `hasten/*` protects" in line for line in told(office, settings))


def test_a_token_that_lacks_the_scope_or_ends_soon_is_told_so(office, settings):
    office.bot.tokens[0].expires_at = office.gitlab.state.now().date() + timedelta(days=5)
    assert "in 5 days" in told(office, settings)[0]
    reader = office.gitlab.add_user(f"reader{office.project.id}", "Reader", scopes=("read_api",))
    office.project.add_member(reader, 40)

    with pytest.raises(BadInput, match="read_api"):
        told(office, settings.model_copy(update={"gitlab_token": SecretStr(reader.token)}))


@pytest.mark.parametrize(("expires", "word"), [(None, ""), ("2026-03-01", "in 14 days"), ("2026-04-01", "")])
def test_only_the_near_end_of_a_token_is_worth_a_word(expires, word):
    assert (word in ending(expires, date(2026, 2, 15))) and bool(ending(expires, date(2026, 2, 15))) == bool(word)
