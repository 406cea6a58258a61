"""`hasten doctor`: what is set, what works on this machine, and what to do about the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot import hiring, hooks, sqlite
from bot.forge import MAINTAINER, Forge, ForgeError, lacking
from bot.registration import ending
from bot.settings import Settings
from evaluation.machine import hardware
from sandbox.choose import choose, describe
from sandbox.spec import SandboxError

MOST_HOOKS = 20  # projects, those with the newest activity first


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `cure` is empty where all is well."""

    what: str
    state: str
    cure: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that a run needs; nothing is changed."""
    return [
        Finding("machine", hardware.fingerprint().line()),
        *_library(),
        *_sandboxes(settings),
        *_gitlab(settings),
        *_agents(settings),
    ]


def report(settings: Settings, console: Console) -> int:
    """Print settings and findings; exit code 0 when nothing needs a cure."""
    console.print(_settings(settings))
    findings = examine(settings)
    for finding in findings:
        sign = "[red]✗[/]" if finding.cure else "[green]✓[/]"
        console.print(f"{sign} {finding.what}: ", end="")
        console.print(finding.state + (f" → {finding.cure}" if finding.cure else ""), markup=False, highlight=False)
    return 1 if any(finding.cure for finding in findings) else 0


def _settings(settings: Settings) -> Table:
    table = Table("setting", "value", "what it is for", title="HASTEN_* settings")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "•••••" if isinstance(value, SecretStr) else "" if value in (None, ()) else str(value)
        table.add_row(name, shown, field.description or "")
    return table


def _library() -> Iterator[Finding]:
    try:
        yield Finding("SQLite", sqlite.driver().sqlite_version)
    except sqlite.SqliteTooOld as error:
        yield Finding("SQLite", "too old", str(error))


def _sandboxes(settings: Settings) -> Iterator[Finding]:
    for line in describe(image=settings.docker_image):
        tier, _, told = line.partition(": ")
        yield Finding(f"sandbox {tier}", told)
    try:
        yield Finding("sandbox in use", choose(settings.sandbox, image=settings.docker_image).tier)
    except SandboxError as error:
        yield Finding("sandbox in use", "none", str(error))


def _gitlab(settings: Settings) -> Iterator[Finding]:
    if settings.base_url is None or settings.gitlab_token is None:
        yield Finding("GitLab", "not set", "set HASTEN_GITLAB_URL and HASTEN_GITLAB_TOKEN")
        return
    forge = Forge(settings.base_url, settings.gitlab_token.get_secret_value(), ca=settings.gitlab_ca)
    try:
        us, (scopes, expires) = forge.me(), forge.scopes()
        told = f"{forge.version()}, we are @{us.username}, token until {expires or 'revoked'}"
        yield Finding("GitLab", told, lacking(scopes) or ending(expires))
        yield from _hooks(forge, settings.reconcile_minutes)
    except ForgeError as error:
        yield Finding("GitLab", "does not answer as it should", str(error))
    if settings.webhook_secret is None and settings.webhook_signing_token is None:
        yield Finding("webhook", "no secret is set", "set HASTEN_WEBHOOK_SIGNING_TOKEN to the hook's signing token")


def _hooks(forge: Forge, minutes: float) -> Iterator[Finding]:
    """The health of our hooks, where the token may see them."""
    query = {"membership": True, "min_access_level": MAINTAINER, "archived": False, "simple": True}
    seen = list(islice(forge.listed("/projects", order_by="last_activity_at", **query), MOST_HOOKS))
    for project in seen:
        for hook in filter(hooks.ours, forge.hooks(project["id"])):
            cure = "" if hook.delivers else "look at its recent events in GitLab, then press Test; a bot that runs does so itself"
            until = f" until {hook.until}" if hook.until else ""
            yield Finding(f"hook of {project['path_with_namespace']}", f"{hook.status}{until}", cure)
    if not seen:
        looks = f"every {minutes:g} minutes I look for what they missed" if minutes else "and I do not look for what they missed"
        yield Finding("hooks", f"only a Maintainer can see them; {looks}")


def _agents(settings: Settings) -> Iterator[Finding]:
    strangers = hiring.unknown(settings)
    cure = f"HASTEN_AGENTS names {', '.join(strangers)}; there are {', '.join(hiring.NAMES)}" if strangers else ""
    yield Finding("agents", ", ".join(settings.proposers), cure)
    if settings.anthropic_api_key is None and "native" in settings.proposers:
        yield Finding("model", "none", "the agent `native` needs one: set ANTHROPIC_API_KEY")
    elif settings.anthropic_api_key is None:
        yield Finding(
            "model", "none: recipes only, free-text review comments are not understood (set ANTHROPIC_API_KEY for both)"
        )
    else:
        yield Finding("model", settings.model)
