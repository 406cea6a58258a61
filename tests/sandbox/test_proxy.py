"""The proxy lets through what it was told and nothing else; real sockets on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from sandbox.proxy import dial, direct, serving

REFUSED = b"HTTP/1.1 403 Forbidden\r\n"


class Echo:
    """A server that keeps what it was told and answers it in capitals."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self.heard = b""
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            while chunk := connection.recv(4096):
                self.heard += chunk
                connection.sendall(chunk.upper())

    def close(self) -> None:
        socket.create_connection(self.address).close()
        self.thread.join()
        self.listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


def asked(path: Path, *said: bytes) -> bytes:
    """What comes back on one connection through the proxy's socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(path))
        for piece in said:
            client.sendall(piece)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := client.recv(4096):
            answer += chunk
        return answer


def test_a_tunnel_to_an_allowed_server_carries_bytes_both_ways(echo):
    host, port = echo.address
    with serving([echo.address]) as path:
        answer = asked(path, b"CONNECT %s:%d HTTP/1.1\r\nHost: x\r\n\r\n" % (host.encode(), port), b"hello")

    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nHELLO"


def test_a_plain_request_reaches_an_allowed_server_as_it_wants_it(echo):
    host, port = echo.address
    with serving([echo.address]) as path:
        asked(
            path,
            b"GET http://%s:%d/simple/?a=b HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n" % (host.encode(), port),
        )

    assert echo.heard == b"GET /simple/?a=b HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n",
        b"CONNECT other.invalid:443 HTTP/1.1\r\n\r\n",
        b"CONNECT allowed.invalid:80 HTTP/1.1\r\n\r\n",
        b"CONNECT allowed.invalid.evil.invalid:443 HTTP/1.1\r\n\r\n",
        b"CONNECT evil.invalid@allowed.invalid:443 HTTP/1.1\r\n\r\n",
        b"GET http://allowed.invalid@evil.invalid/ HTTP/1.1\r\n\r\n",
        b"GET http://allowed.invalid/ HTTP/1.1\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: allowed.invalid\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_everything_else_is_refused(head):
    with serving([("allowed.invalid", 443)]) as path:
        assert asked(path, head).startswith(REFUSED)


def test_a_server_that_is_not_there_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = unused.getsockname()
    with serving([address]) as path:
        assert asked(path, b"CONNECT %s:%d HTTP/1.1\r\n\r\n" % (address[0].encode(), address[1])).startswith(b"HTTP/1.1 502")


@pytest.mark.parametrize(("answer", "works"), [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 407 No\r\n\r\n", False)])
def test_a_host_behind_a_proxy_of_its_own_goes_through_it(answer, works):
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            heard.append(connection.recv(4096))
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        address = f"http://me:a%40b@127.0.0.1:{listener.getsockname()[1]}"
        with nullcontext() if works else pytest.raises(ConnectionError):
            dial(("index.invalid", 443), address).close()
        thread.join()

    assert heard == [
        b"CONNECT index.invalid:443 HTTP/1.1\r\nHost: index.invalid:443\r\nProxy-Authorization: Basic bWU6YUBi\r\n\r\n"
    ]


def test_the_socket_is_gone_afterwards():
    with serving([]) as path:
        assert path.is_socket()
    assert not path.exists()


def test_the_root_of_a_server_has_a_path_too():
    assert direct(b"GET http://a.invalid HTTP/1.0\r\n\r\n").startswith(b"GET / HTTP/1.0\r\nConnection: close\r\n")
