"""How fast a delivery is acknowledged: the real web edge and engine in a process of their own, 20 signed deliveries a second.

Wall clock of the client, loopback, from the first byte sent to the answer's status line.
"""

import argparse
import base64
import http.client
import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import threading
import time

from handlers.signatures import sign

KEY = b"0123456789abcdef0123456789abcdef"
SERVER = """
import sys
from pathlib import Path
import uvicorn
from bot import app, engine
folder, port, token = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
engine.configure(folder / "dbos.db")
work = engine.register("inbox", lambda payload: engine.step("note", len, payload["body"]) and None)
engine.launch((engine.Queue("inbox", 4),))
edge = app.Edge(None, token, lambda key, payload: engine.enqueue("inbox", work, key, payload), lambda: True)
uvicorn.run(app.create(edge), host="127.0.0.1", port=port, log_level="warning")
"""


def payload(number: int) -> bytes:
    """A note on an issue, as large as real ones are."""
    project = {
        "id": 5,
        "name": "p",
        "path_with_namespace": "a/p",
        "default_branch": "main",
        "web_url": "http://x",
        "git_http_url": "http://x",
    }
    note = {
        "id": number,
        "note": "just talking " * 50,
        "noteable_type": "Issue",
        "author_id": 1,
        "action": "create",
        "system": False,
    }
    user = {"id": 1, "username": "dev", "name": "dev"}
    body = {
        "object_kind": "note",
        "user": user,
        "project_id": 5,
        "project": project,
        "object_attributes": note,
        "issue": {"id": 9, "iid": 3},
    }
    return json.dumps(body).encode()


def deliver(port: int, number: int) -> float:
    """One signed delivery; seconds until its status line. Raises when it is refused."""
    body, stamp, key = payload(number), str(int(time.time())), f"bench-{secrets.token_hex(6)}-{number}"
    signature = sign(KEY, delivery=key, timestamp=stamp, body=body)
    headers = {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signature, "X-Gitlab-Event": "Note Hook"}
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/webhook/gitlab", body, headers)
    status = connection.getresponse().status
    taken = time.perf_counter() - started
    connection.close()
    if status != 202:
        raise SystemExit(f"bench: delivery {number} was answered with {status}")
    return taken


def at_rate(port: int, count: int, rate: float) -> list[float]:
    """`count` deliveries at `rate` a second, each on its own thread so that a slow one delays no other (open loop)."""
    taken: list[float] = []
    threads = []
    started = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, started + number / rate - time.perf_counter()))
        threads.append(threading.Thread(target=lambda n=number: taken.append(deliver(port, n))))
        threads[-1].start()
    for thread in threads:
        thread.join(30)
    return taken


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Print one table row per quantile."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=600)
    arguments.add_argument("--rate", type=float, default=20.0)
    chosen = arguments.parse_args()
    port = 20000 + os.getpid() % 20000
    with tempfile.TemporaryDirectory() as folder:
        token = "whsec_" + base64.b64encode(KEY).decode()
        server = subprocess.Popen([sys.executable, "-c", SERVER, folder, str(port), token])
        try:
            _wait(port)
            at_rate(port, 40, chosen.rate)  # warm-up, not counted
            taken = at_rate(port, chosen.count, chosen.rate)
        finally:
            server.terminate()
            server.wait(15)
    figures = {f"p{int(share * 100)}": quantile(taken, share) * 1e3 for share in (0.5, 0.95, 0.99)}
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"ack: {len(taken)} deliveries at {chosen.rate:g}/s, wall clock of the client, {machine}")
    print("ack: " + ", ".join(f"{name} {value:.1f} ms" for name, value in figures.items()) + f", max {max(taken) * 1e3:.1f} ms")


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/livez")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("bench: the server did not start")


if __name__ == "__main__":
    main()
