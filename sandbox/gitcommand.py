"""One git process on a repository of ours: explicit GIT_DIR, our own configuration, a time-out, a bound on what it may print.

Nothing that a repository carries is honoured: no hooks, filters, attributes, submodules, file-system monitors, replaced objects.
"""

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_CONFIGURATION = f"""\
[core]
	hooksPath = /dev/null
	fsmonitor = false
	attributesFile = /dev/null
	quotePath = false
	logAllRefUpdates = false
[attr]
	tree = {_EMPTY_TREE}
[credential]
	helper =
[protocol]
	allow = never
[protocol "http"]
	allow = always
[protocol "https"]
	allow = always
[protocol "file"]
	allow = always
[submodule]
	recurse = false
[fetch]
	recurseSubmodules = false
[gc]
	auto = 0
[maintenance]
	auto = false
[safe]
	directory = *
"""
# Answers only for the server that the token belongs to, so that a redirect elsewhere gets nothing.
_ASKPASS = """\
#!/bin/sh
case "$1" in
  "Username for '$HASTEN_GIT_SERVER': ") echo oauth2 ;;
  "Password for '$HASTEN_GIT_ACCOUNT': ") printf '%s\\n' "$HASTEN_GIT_TOKEN" ;;
  *) exit 1 ;;
esac
"""
_HANDED_ON = (
    "PATH",
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "no_proxy",
    "NO_PROXY",
    "GIT_SSL_CAINFO",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
_CHUNK = 1 << 16
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class GitError(Exception):
    """Git could not do it; `str(error)` is git's own complaint, cleaned and without secrets."""


class GitTimeout(GitError):
    """Git took too long and was killed."""


class AccessDenied(GitError):
    """The server wants other credentials, or hides the repository from ours."""


@dataclass(frozen=True, slots=True)
class Git:
    """Where our repository lies and with which certificates it trusts servers."""

    folder: Path
    ca_bundle: Path | None = None

    @property
    def _home(self) -> Path:
        return self.folder / "hasten"

    def create(self) -> None:
        """Make the bare repository unless it is there; (re)write our configuration beside it."""
        self._home.mkdir(parents=True, exist_ok=True)
        _replace(self._home / "gitconfig", _CONFIGURATION, 0o600)
        _replace(self._home / "askpass", _ASKPASS, 0o700)
        if not (self.folder / "objects").is_dir() or not (self.folder / "HEAD").is_file():
            self.run("init", "--quiet", "--bare", "--template=", str(self.folder))

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        variables: Mapping[str, str] | None = None,
        seconds: float = 60,
        most: int = 64 << 20,
    ) -> bytes:
        """Run `git arguments` and give its output; raises GitError with what git wrote to stderr (porcelain rows included)."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(
                ["git", *arguments],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**self._environment(), **(variables or {})},
                cwd=self.folder,
                start_new_session=True,
            )
            output, timed_out = _read(process, seconds, most)
            complaints.seek(0)
            said = complaints.read(_CHUNK).decode(errors="replace")
        if timed_out:
            raise GitTimeout(f"git {arguments[0]} took longer than {seconds:.0f} s")
        if len(output) > most:
            raise GitError(f"git {arguments[0]} printed more than {most} bytes")
        if process.returncode != 0:
            raise _error(arguments, said, output, (variables or {}).get("HASTEN_GIT_TOKEN"))
        return output

    def text(self, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
        """Like `run`, for answers of one line."""
        return self.run(*arguments, variables=variables).decode(errors="surrogateescape").strip()

    def _environment(self) -> dict[str, str]:
        handed_on = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        if self.ca_bundle:
            handed_on["GIT_SSL_CAINFO"] = str(self.ca_bundle)
        return handed_on | {
            "GIT_DIR": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self._home / "gitconfig"),
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ALLOW_PROTOCOL": "http:https:file",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": str(self._home / "askpass"),
            "HOME": str(self._home),
            "XDG_CONFIG_HOME": str(self._home),
            "LC_ALL": "C",
        }


def checked_url(url: str) -> str:
    """The URL, if git may talk to it: http(s), file or an absolute path, and no credentials in it."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc:
        return url
    if (parts.scheme == "file" and not parts.netloc) or (not parts.scheme and url.startswith("/")):
        return url
    raise GitError("a repository's address must be http(s)://, file:/// or an absolute path, without credentials in it")


def credentials(url: str, token: str | None) -> dict[str, str]:
    """What askpass needs to know, as variables of that one git process."""
    if token is None:
        return {}
    parts = urlsplit(url)
    server, account = f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://oauth2@{parts.netloc}"
    return {"HASTEN_GIT_SERVER": server, "HASTEN_GIT_ACCOUNT": account, "HASTEN_GIT_TOKEN": token}


def _read(process: "subprocess.Popen[bytes]", seconds: float, most: int) -> tuple[bytes, bool]:
    """Output up to one byte more than `most`, and whether the time ran out; the whole process group is gone afterwards."""
    late = threading.Event()
    timer = threading.Timer(seconds, _end_late, (process, late))
    timer.start()
    output = bytearray()
    assert process.stdout is not None
    with process.stdout as stream:
        while len(output) <= most and (chunk := os.read(stream.fileno(), _CHUNK)):
            output += chunk
    if len(output) > most:
        _end(process)
    process.wait()
    timer.cancel()
    return bytes(output), late.is_set()


def _end_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _error(arguments: Sequence[str], said: str, output: bytes, token: str | None) -> GitError:
    text = said + (output.decode(errors="replace") if arguments[0] == "push" else "")
    message = _COLOUR.sub("", text).strip() or f"git {arguments[0]} failed"
    if token:
        message = message.replace(token, "[token]")
    denied = (
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "Access denied",
        "error: 403",
        "not found",
    )
    if arguments[0] in ("fetch", "push", "ls-remote") and any(sign in message for sign in denied):
        return AccessDenied(message)
    return GitError(message)


def _replace(path: Path, text: str, mode: int) -> None:
    """Write atomically: another process may be reading it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(mode)
    Path(file.name).replace(path)
