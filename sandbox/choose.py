"""Which tier to use here, and what to say where none works. Foreign code never runs outside a sandbox."""

from sandbox.bubblewrap import Bubblewrap
from sandbox.docker import Docker
from sandbox.spec import Readiness, SandboxError
from sandbox.tier import Sandbox

TIERS = ("bubblewrap", "docker")


def choose(name: str = "auto", *, image: str | None = None) -> Sandbox:
    """The tier of that name (auto: bubblewrap), proven to work. Raises SandboxError with reason and cure in one sentence."""
    sandbox = _named(name, image)
    readiness = sandbox.probe()
    if not readiness.ready:
        raise SandboxError(f"the {sandbox.tier} sandbox does not work here ({readiness.reason}): {readiness.cure}")
    return sandbox


def describe(*, image: str | None = None) -> tuple[str, ...]:
    """A line for each tier: whether it works, with which restrictions, else how to get it."""
    return tuple(f"{name}: {_said(_readiness(name, image))}" for name in TIERS)


def _named(name: str, image: str | None) -> Sandbox:
    if name in ("auto", "bubblewrap"):
        return Bubblewrap()
    if name != "docker":
        raise SandboxError(f"there is no sandbox {name!r}: choose auto, {' or '.join(TIERS)}")
    if not image:
        raise SandboxError("the docker sandbox needs an image: name one that has python3 and the project's packages")
    return Docker(image)


def _readiness(name: str, image: str | None) -> Readiness:
    try:
        return _named(name, image).probe()
    except SandboxError as error:
        reason, _, cure = str(error).partition(": ")
        return Readiness(False, reason, cure)


def _said(readiness: Readiness) -> str:
    if readiness.ready:
        return "; ".join(("works", *readiness.notes))
    return f"does not work: {readiness.reason} (cure: {readiness.cure})"
