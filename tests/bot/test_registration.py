"""`hasten register`: the hook and the label, once."""

import pytest

from bot.ending import BadInput
from bot.registration import register
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
    assert first[0].startswith("installed") and first[1].startswith("created")
    assert second[0].startswith("brought up to date") and second[1].startswith("there already")
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
