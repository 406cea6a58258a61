"""`hasten register`: hooks and labels in a project or in all projects of a group, and what an owner must still do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

from bot.ending import BadInput
from bot.forge import DEVELOPER, MAINTAINER, Forge, ForgeError, Gone, Unreachable, lacking
from bot.hooks import PATH
from bot.limiter import Limiter
from bot.settings import Settings

LABEL = "hasten"  # on what the bot opens
BRANCHES = "hasten/*"
SOON = 30  # days before its end from which a token is worth a word


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be installed, and for whom."""

    address: str
    secret: str | None
    signing: str | None
    bot: str | None  # the account that will do the work, where it is another than the token's
    labels: tuple[str, ...] = (LABEL,)


def register(settings: Settings, path: str, url: str, bot: str | None = None) -> Iterator[str]:
    """Install what is missing and say what was done, a line at a time. Doing it twice changes nothing."""
    if settings.base_url is None or settings.gitlab_token is None:
        raise BadInput("HASTEN_GITLAB_URL and HASTEN_GITLAB_TOKEN are needed; the token must be a Maintainer's")
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"`--url {url}` is no address; write it as https://hasten.example.com")
    if settings.webhook_secret is None and settings.webhook_signing_token is None:
        raise BadInput("set HASTEN_WEBHOOK_SIGNING_TOKEN (whsec_...) or HASTEN_WEBHOOK_SECRET first; the hook gets the same one")
    secret, signing = (
        each.get_secret_value() if each else None for each in (settings.webhook_secret, settings.webhook_signing_token)
    )
    pace = Limiter(settings.requests_per_minute, settings.notes_per_minute)
    forge = Forge(settings.base_url, settings.gitlab_token.get_secret_value(), ca=settings.gitlab_ca, limiter=pace)
    try:
        yield from _token(forge)
        yield from _projects(forge, path, Order(url.rstrip("/") + PATH, secret, signing, bot, (LABEL, settings.label)))
    except Unreachable as error:
        raise BadInput(f"{error}; check HASTEN_GITLAB_URL") from error
    except ForgeError as error:
        raise BadInput(f"{error}; hooks need the token of a Maintainer with the scope `api`") from error
    finally:
        forge.close()


def ending(expires: str | None, today: date | None = None) -> str:
    """A word about a token that ends soon; "" where there is time."""
    if expires is None:
        return ""
    left = (date.fromisoformat(expires) - (today or datetime.now(UTC).date())).days
    return f"the token ends on {expires}, in {left} days: make a new one in time" if left < SOON else ""


def _token(forge: Forge) -> Iterator[str]:
    scopes, expires = forge.scopes()
    if lack := lacking(scopes):
        raise BadInput(lack)
    if word := ending(expires):
        yield word


def _projects(forge: Forge, path: str, order: Order) -> Iterator[str]:
    """The project of that path, or all projects below it where the token may install hooks."""
    try:
        found = forge.project(path)
    except Gone as error:
        below = _below(forge, path)
        if not below:
            raise BadInput(
                f"`{path}` is no project or group that this token can see as a Maintainer; write group/project"
            ) from error
        for each in below:
            yield from _install(forge, each["id"], each["path_with_namespace"], order)
        return
    if forge.access(found.id, forge.me().id) < MAINTAINER:
        raise BadInput(
            f"@{forge.me().username} is no Maintainer of {found.path}; hooks need the token of one, with the scope `api`"
        )
    yield from _install(forge, found.id, found.path, order)


def _below(forge: Forge, group: str) -> list[Mapping[str, Any]]:
    query = {"membership": True, "min_access_level": MAINTAINER, "archived": False, "simple": True}
    listed = forge.listed("/projects", search=group, search_namespaces=True, **query)
    return [each for each in listed if each["path_with_namespace"].startswith(f"{group.strip('/')}/")]


def _install(forge: Forge, project: int, path: str, order: Order) -> Iterator[str]:
    made = forge.ensure_hook(project, order.address, secret=order.secret, signing_token=order.signing, branches=BRANCHES)
    yield f"{path}: {'installed' if made else 'brought up to date'}: the hook {order.address}"
    for label in dict.fromkeys(order.labels):
        yield f"{path}: {'created' if forge.ensure_label(project, label) else 'there already'}: the label {label}"
    yield from _still_to_do(forge, project, path, order.bot)


def _still_to_do(forge: Forge, project: int, path: str, bot: str | None) -> Iterator[str]:
    for pattern in forge.protected_branches(project):
        if fnmatchcase("hasten/any", pattern):
            yield f"{path}: still to do by an owner: let the bot push to branches `{BRANCHES}`, which `{pattern}` protects"
    account = forge.find_account(bot) if bot else None
    level = forge.access(project, account.id) if account else 0
    if level < DEVELOPER:
        name = f"@{bot}" if account else f"@{bot} (there is no such account)" if bot else "the bot's account"
        yield f"{path}: still to do by an owner: make {name} a member with the role Developer"
    elif level < MAINTAINER:
        yield f"{path}: @{bot} is a Developer; as a Maintainer it could also switch its hook on again after an outage"
