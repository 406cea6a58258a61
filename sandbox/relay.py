"""Runs inside a sandbox: hands connections from a port on loopback to the proxy's unix socket while one command runs.

Standard library only, Python 3.9 or later; started as `python relay.py SOCKET COMMAND...`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading


def main(path: str, command: list[str]) -> int:
    """Run the command with the proxy's address in its environment; answer its exit code."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, path), daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    return subprocess.call(command, env=dict(os.environ, **dict.fromkeys(names, address)))


def serve(listener: socket.socket, path: str) -> None:
    """Accept for ever, two threads for each connection."""
    while True:
        client, _ = listener.accept()
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(path)
        for source, sink in ((client, upstream), (upstream, client)):
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes until one side is through."""
    try:
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2:])
    sys.exit(code if code >= 0 else 128 - code)
