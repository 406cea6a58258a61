"""Where packages may come from: what this host's pip is configured for. No address is written here; pip knows them."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_ASK_PIP = """
import json, subprocess, sys
from pip._internal.models.index import PyPI
listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
print(json.dumps([PyPI.simple_url, PyPI.file_storage_domain, listed]))
"""
_SECTIONS = ("global.", "install.", ":env:.")  # the later one wins
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Indexes:
    """Package indexes that a setup may reach: servers through the proxy, folders through read-only mounts."""

    servers: frozenset[tuple[str, int]] = frozenset()
    folders: tuple[Path, ...] = ()
    variables: Mapping[str, str] | None = None  # pip's options, as its environment variables
    ca_bundle: Path | None = None


def configured() -> Indexes:
    """Ask the host's pip. Without a pip there is nothing to install from."""
    for python in (sys.executable, "python3"):
        try:
            answer = subprocess.run([python, "-c", _ASK_PIP], capture_output=True, text=True, timeout=60, check=True)
            simple, files, listed = json.loads(answer.stdout)
        except (OSError, ValueError, subprocess.SubprocessError):
            continue
        return understood(_options(listed), default=simple, files=files, environment=os.environ)
    return Indexes()


def understood(options: Mapping[str, str], *, default: str, files: str, environment: Mapping[str, str]) -> Indexes:
    """Read pip's options: `default` is pip's own index, `files` the server that this index keeps its files on."""
    index = "" if options.get("no-index", "").lower() in ("1", "true", "yes", "on") else options.get("index-url", default)
    indexes = [url for url in (index, *options.get("extra-index-url", "").split()) if url]
    links = options.get("find-links", "").split()
    addresses = [*indexes, *(link for link in links if "://" in link)]
    servers = {server for url in addresses if (server := _server(url))}
    if _server(default) in servers:
        servers.add((files, 443))
    folders = (path for address in (*indexes, *links) if (path := _folder(address)) is not None)
    bundle = options.get("cert") or environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE")
    ca_bundle = Path(bundle) if bundle and Path(bundle).is_file() else None
    return Indexes(frozenset(servers), tuple(dict.fromkeys(folders)), _variables(options, index), ca_bundle)


def _options(listed: str) -> dict[str, str]:
    """`pip config list` prints name='value' rows, one for each section."""
    found: dict[str, str] = {}
    rows = [row.partition("=") for row in listed.splitlines()]
    for section in _SECTIONS:
        for name, _, value in rows:
            if name.startswith(section):
                found[name.removeprefix(section)] = str(ast.literal_eval(value))
    return found


def _variables(options: Mapping[str, str], index: str) -> dict[str, str]:
    """What pip in the sandbox must be told, without credentials: foreign code could read them."""
    variables = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    if index and "index-url" in options:
        variables["PIP_INDEX_URL"] = _anonymous(index)
    if not index:
        variables["PIP_NO_INDEX"] = "1"
    for name in ("extra-index-url", "find-links", "trusted-host"):
        if words := options.get(name, "").split():
            variables[f"PIP_{name.upper().replace('-', '_')}"] = _joined(words)
    if "default-timeout" in options or "timeout" in options:
        variables["PIP_DEFAULT_TIMEOUT"] = options.get("timeout") or options["default-timeout"]
    return variables


def _joined(words: Iterable[str]) -> str:
    return " ".join(_anonymous(word) for word in words)


def _anonymous(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _server(url: str) -> tuple[str, int] | None:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.hostname, parts.port or _PORTS[parts.scheme]


def _folder(address: str) -> Path | None:
    """The local folder of an address; pages of an index lie in `simple` and point to files beside it."""
    parts = urlsplit(address)
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(address)
    if not path.is_absolute() or not path.exists():
        return None
    return path.parent if path.name == "simple" else path
