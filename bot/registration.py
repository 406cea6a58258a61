"""`hasten register`: the hook and the label in a project, and what its owner must still do."""

from collections.abc import Iterator

from bot.ending import BadInput
from bot.forge import Forge, ForgeError, Gone, Unreachable
from bot.hooks import PATH
from bot.settings import Settings

LABEL = "hasten"


def register(settings: Settings, project: str, url: str) -> Iterator[str]:
    """Install what is missing and say what was done, a line at a time. Doing it twice changes nothing."""
    if settings.base_url is None or settings.gitlab_token is None:
        raise BadInput("HASTEN_GITLAB_URL and HASTEN_GITLAB_TOKEN are needed; the token must be a Maintainer's")
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"`--url {url}` is no address; write it as https://hasten.example.com")
    if settings.webhook_secret is None and settings.webhook_signing_token is None:
        raise BadInput("set HASTEN_WEBHOOK_SIGNING_TOKEN (whsec_...) or HASTEN_WEBHOOK_SECRET first; the hook gets the same one")
    forge = Forge(settings.base_url, settings.gitlab_token.get_secret_value(), ca=settings.gitlab_ca)
    try:
        yield from _install(forge, settings, project, url.rstrip("/") + PATH)
    except Unreachable as error:
        raise BadInput(f"{error}; check HASTEN_GITLAB_URL") from error
    except ForgeError as error:
        raise BadInput(f"{error}; hooks need the token of a Maintainer with the scope `api`") from error


def _install(forge: Forge, settings: Settings, project: str, address: str) -> Iterator[str]:
    try:
        found = forge.project(project)
    except Gone as error:
        raise BadInput(f"`{project}` is no project that this token can see; write it as group/project") from error
    secret, signing = settings.webhook_secret, settings.webhook_signing_token
    made = forge.ensure_hook(
        found.id,
        address,
        secret=secret.get_secret_value() if secret else None,
        signing_token=signing.get_secret_value() if signing else None,
    )
    yield f"{'installed' if made else 'brought up to date'}: the hook {address}"
    yield f"{'created' if forge.ensure_label(found.id, LABEL) else 'there already'}: the label {LABEL}"
    yield f"still to do by an owner: make the bot's account a member of {found.path} with the role Developer"
