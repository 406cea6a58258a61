"""Why tests fail, in a few words of their own, and what a project can do about it. Their words are foreign: short, one line."""

import re
from collections.abc import Mapping, Sequence

LENGTH = 160
ALIKE = "choose those that pass with `tests.select`"
_CURES = (  # what is said -> what helps, the first that fits
    (
        r"unrecognized arguments|fixture '.*' not found|[Uu]nknown config option",
        "install the pytest plugin that is needed under `environment.setup`",
    ),
    (r"No module named|cannot import name|ImportError", "install what is needed under `environment.setup`"),
    (
        r"Read-only file system|Errno 30\b|PermissionError|Permission denied",
        "the project's files are read-only while tests run: let tests write to `tmp_path`, or leave them out with `tests.select`",
    ),
    (
        r"gaierror|[Nn]ame resolution|Network is unreachable|Connection(?:Refused|Reset)?Error|Connection refused|Max retries"
        r"|Name or service not known|URLError",
        "tests have no network: leave those that need one out with `tests.select`",
    ),
    (r"No space left|Errno 28\b", "a sandbox has 256 MiB of /tmp"),
    (r"can't start new thread|Resource temporarily unavailable|pthread_create", "a sandbox has 64 processes and threads"),
)  # fmt: skip
_ERROR = re.compile(r"\berror: |^E\s|\b\w+(?:Error|Exception|Exit)\b")


def why(broken: Mapping[str, str], names: Sequence[str]) -> str:
    """`: what the first of the failures says`, where it says anything."""
    said = next((quoted(broken[name]) for name in names if broken.get(name, "").strip()), "")
    return f": {said}" if said else ""


def cure(broken: Mapping[str, str], names: Sequence[str]) -> str:
    """What helps against the first failure that says anything."""
    text = next((broken[name] for name in names if broken.get(name, "").strip()), "")
    return remedy(text) or ALIKE


def remedy(text: str) -> str | None:
    """What helps against a failure with this text; None where nobody knows."""
    return next((helps for pattern, helps in _CURES if re.search(pattern, text)), None)


def telling(output: str) -> str:
    """The line of a program's last words that says most: the last that names an error, or the very last."""
    lines = [line for line in output.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if _ERROR.search(line)), lines[-1] if lines else "no output")


def quoted(text: str) -> str:
    """Foreign words as one short span of code; a report quotes them once more, without secrets."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in first[: 4 * LENGTH].replace("`", "'")).split())
    return f"`{line if len(line) <= LENGTH else line[: LENGTH - 1] + '…'}`"
