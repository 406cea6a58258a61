"""`hasten doctor`: what is wrong comes with its cure, what is right without one, and no secret is shown."""

import io

import pytest
from rich.console import Console

from bot.doctor import examine, report
from bot.settings import Settings

pytestmark = pytest.mark.slow  # real sandboxes are probed
HOOK = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@pytest.fixture
def settings(office, monkeypatch):
    for name in ("HASTEN_ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY", "HASTEN_AGENTS"):
        monkeypatch.delenv(name, raising=False)
    return Settings(gitlab_url=office.gitlab.url, gitlab_token=office.bot.tokens[0].value, webhook_signing_token=HOOK)


def found(settings, what):
    (finding,) = [each for each in examine(settings) if each.what == what]
    return finding


def test_where_all_is_well_nothing_needs_a_cure(settings, office):
    findings = examine(settings)

    assert [each for each in findings if each.cure] == []
    assert f"@{office.bot.username}" in found(settings, "GitLab").state
    assert found(settings, "sandbox in use").state == "bubblewrap"
    assert "ANTHROPIC_API_KEY" in found(settings, "model").state


@pytest.mark.parametrize(
    ("change", "what", "cure"),
    [
        ({"gitlab_token": None}, "GitLab", "HASTEN_GITLAB_TOKEN"),
        ({"gitlab_url": "http://127.0.0.1:9"}, "GitLab", "cannot be reached"),
        ({"gitlab_token": "glpat-wrong-wrong-wrong-1"}, "GitLab", "401"),
        ({"webhook_signing_token": None}, "webhook", "HASTEN_WEBHOOK_SIGNING_TOKEN"),
        ({"agents": ("recipes", "natve")}, "agents", "natve"),
        ({"agents": ("native",)}, "model", "ANTHROPIC_API_KEY"),
    ],
)
def test_what_is_wrong_comes_with_its_cure(settings, change, what, cure):
    wrong = Settings(**{**settings.model_dump(exclude={"anthropic_api_key"}), **change})

    assert cure in found(wrong, what).cure


def test_a_token_with_too_little_scope_is_told_so(settings, office):
    reader = office.gitlab.add_user(f"reader{office.project.id}", "Reader", bot=True, scopes=("read_api",))

    finding = found(Settings(gitlab_url=office.gitlab.url, gitlab_token=reader.tokens[0].value), "GitLab")

    assert "read_api" in finding.cure and "`api`" in finding.cure


def test_the_printed_report_hides_secrets_and_its_exit_code_tells(settings):
    console = Console(file=io.StringIO(), width=200)
    codes = report(settings, console), report(settings.model_copy(update={"gitlab_token": None}), console)

    told = console.file.getvalue()
    assert codes == (0, 1)
    assert HOOK not in told and settings.gitlab_token.get_secret_value() not in told and "•••••" in told


def test_the_health_of_our_hooks_is_told_where_the_token_may_see_them(settings, office):
    assert "only a Maintainer" in found(settings, "hooks").state
    office.project.add_member(office.bot, 40)
    hook = office.project.add_hook("https://bot.example.com/webhook/gitlab")
    office.project.add_hook("https://other.example.com/hook")
    assert found(settings, f"hook of {office.project.path}").cure == ""
    hook.failures = 40

    sick = found(settings, f"hook of {office.project.path}")
    assert sick.state.startswith("disabled") and "press Test" in sick.cure
