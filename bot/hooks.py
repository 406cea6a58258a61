"""Our webhooks' health. GitLab switches a hook off after a few failures and drops what it would have told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.forge import Forge, ForgeError, Hook, Unreachable

PATH = "/webhook/gitlab"  # where our web edge listens, below whatever address GitLab reaches us at
PAUSE = 3600.0  # seconds between two looks at the hooks of one project
log = structlog.get_logger()


def ours(hook: Hook) -> bool:
    """Whether a hook leads to a bot like us."""
    return hook.url.endswith(PATH)


@dataclass(slots=True)
class Hooks:
    """Looks after the hooks of the projects where our token may see them (as Maintainer); elsewhere it sees nothing."""

    forge: Forge
    clock: Callable[[], float] = time.time
    _seen: dict[int, float] = field(default_factory=dict)

    def tend(self, project: int) -> None:
        """Switch ours on again where GitLab has switched it off. Asks at most once an hour."""
        now = self.clock()
        if now - self._seen.get(project, 0) < PAUSE:
            return
        self._seen[project] = now
        try:
            for hook in self.forge.hooks(project):
                if ours(hook) and not hook.delivers:
                    self._wake(project, hook)
        except Unreachable:
            raise
        except ForgeError as error:
            log.debug("hook.unseen", project=project, why=str(error))

    def _wake(self, project: int, hook: Hook) -> None:
        log.error("hook.disabled", project=project, hook=hook.id, status=hook.status, until=hook.until)
        if self.forge.test_hook(project, hook.id):
            log.warning("hook.woken", project=project, hook=hook.id)
        else:
            log.error("hook.deaf", project=project, hook=hook.id, cure="GitLab cannot reach the bot at the hook's address")
