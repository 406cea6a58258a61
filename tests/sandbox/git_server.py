"""A git server on loopback: `git http-backend` behind a password, hooks and all, as a GitLab would be."""

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOKEN = "the-project-token"
_EXPECTED = "Basic " + base64.b64encode(f"oauth2:{TOKEN}".encode()).decode()


@dataclass
class GitServer:
    """Where it listens, what it serves, and whoever knocked with which credentials."""

    url: str
    root: Path
    seen: list[str | None] = field(default_factory=list)
    moved_to: str | None = None


@contextmanager
def serving(root: Path) -> Iterator[GitServer]:
    """Serve the bare repositories below `root` while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    answer = GitServer(f"http://127.0.0.1:{server.server_port}", root)
    server.git = answer  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield answer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        git: GitServer = self.server.git  # type: ignore[attr-defined]
        git.seen.append(self.headers["Authorization"])
        if git.moved_to:
            self._head(302, {"Location": git.moved_to + self.path})
        elif self.headers["Authorization"] != _EXPECTED:
            self._head(401, {"WWW-Authenticate": 'Basic realm="GitLab"'})
        else:
            self._backend(git.root)

    do_POST = do_GET  # noqa: N815 (the standard library's names)

    def _backend(self, root: Path) -> None:
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "oauth2",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        environment["CONTENT_LENGTH"] = str(len(body))
        answer = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True).stdout
        head, _, rest = answer.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(headers.pop("Status", "200").split()[0])
        self._head(status, {**headers, "Content-Length": str(len(rest))})
        self.wfile.write(rest)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
