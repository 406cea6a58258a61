"""A filtering HTTP proxy on a unix socket: the only network that a sandbox can have, and only to the servers it is told."""

import re
import socket
import socketserver
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from sandbox.spec import Mount, Spec

SOCKET = "/run/hasten/proxy.sock"  # where a sandbox finds it
_RELAY = "/run/hasten/relay.py"
_HEAD_LIMIT = 1 << 16
_CONNECT = re.compile(rb"CONNECT ([A-Za-z0-9.-]+):(\d{1,5}) HTTP/1\.[01]\r\n")
_PLAIN = re.compile(rb"([A-Z]+) (http://[!-~]+) HTTP/1\.[01]\r\n")
_IDLE = 120.0

Server = tuple[str, int]


@contextmanager
def serving(servers: Iterable[Server]) -> Iterator[Path]:
    """Let through connections to `servers` and nothing else while the block lasts; gives the socket's path."""
    allowed = frozenset((host.lower(), port) for host, port in servers)
    with tempfile.TemporaryDirectory(prefix="hasten-proxy-") as folder:
        path = Path(folder) / "proxy.sock"
        with _Listener(path, allowed) as listener:
            thread = threading.Thread(target=listener.serve_forever, args=(0.02,), name="sandbox-proxy", daemon=True)
            thread.start()
            yield path
            listener.shutdown()
            thread.join()


def relayed(spec: Spec, python: str) -> Spec:
    """The same command, with the proxy of `spec` as its HTTP proxy; `python` runs the relay inside."""
    if spec.proxy is None:
        return spec
    relay = Mount(Path(__file__).with_name("relay.py"), _RELAY)
    return replace(spec, argv=(python, "-I", "-S", _RELAY, SOCKET, *spec.argv), mounts=(*spec.mounts, relay))


def mounted(spec: Spec) -> tuple[Mount, ...]:
    """The mounts of `spec` and its proxy's socket."""
    return spec.mounts if spec.proxy is None else (*spec.mounts, Mount(spec.proxy, SOCKET))


class _Listener(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, allowed: frozenset[Server]) -> None:
        self.allowed = allowed
        super().__init__(str(path), _Connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is the client's business; there is nothing to print."""


class _Connection(socketserver.BaseRequestHandler):
    server: _Listener
    request: socket.socket

    def handle(self) -> None:
        """Read one request's head, then copy bytes both ways."""
        self.request.settimeout(_IDLE)
        head = _head(self.request)
        wanted = _wanted(head)
        if wanted is None or wanted not in self.server.allowed:
            self.request.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        try:
            upstream = dial(wanted, getproxies().get("https") if not proxy_bypass(wanted[0]) else None)
        except OSError:
            self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with upstream:
            if head.startswith(b"CONNECT "):
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                upstream.sendall(direct(head))
            back = threading.Thread(target=_pump, args=(upstream, self.request), daemon=True)
            back.start()
            _pump(self.request, upstream)
            back.join()


def dial(server: Server, proxy: str | None) -> socket.socket:
    """A connection to the server, through the proxy that this host itself has to use, if any."""
    if proxy is None:
        return socket.create_connection(server, timeout=_IDLE)
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    tunnel = socket.create_connection((parts.hostname, parts.port or 80), timeout=_IDLE)
    account = unquote(f"{parts.username or ''}:{parts.password or ''}").encode()
    login = b"Proxy-Authorization: Basic %s\r\n" % b64encode(account) if parts.username else b""
    name = b"%s:%d" % (server[0].encode(), server[1])
    tunnel.sendall(b"CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (name, name, login))
    if not re.match(rb"HTTP/1\.[01] 200 ", _head(tunnel)):
        tunnel.close()
        raise ConnectionError("this host's own proxy refused")
    return tunnel


def direct(head: bytes) -> bytes:
    """The request as the server itself wants it: a path instead of an address, and nothing after it on this connection."""
    line, _, rest = head.partition(b"\r\n")
    method, address, version = line.split(b" ")
    parts = urlsplit(address.decode("ascii"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [row for row in rest.split(b"\r\n") if not re.match(rb"(?i)(proxy-[a-z-]+|connection):", row)]
    return b"\r\n".join([b"%s %s %s" % (method, path.encode(), version), b"Connection: close", *kept])


def _wanted(head: bytes) -> Server | None:
    """The server a request is for."""
    if found := _CONNECT.match(head):
        return found[1].decode().lower(), int(found[2])
    if found := _PLAIN.match(head):
        return _address(found[2].decode())
    return None


def _address(url: str) -> Server | None:
    try:
        parts = urlsplit(url)
        return (parts.hostname, parts.port or 80) if parts.hostname else None
    except ValueError:
        return None


def _head(client: socket.socket) -> bytes:
    """Everything up to the empty line, and not one byte of what follows it."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < _HEAD_LIMIT:
        byte = client.recv(1)
        if not byte:
            break
        head += byte
    return head


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy until the source is through, then say so to the sink."""
    try:
        while chunk := source.recv(1 << 16):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
