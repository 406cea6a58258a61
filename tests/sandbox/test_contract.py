"""What every tier promises, tried on each of them. What a tier cannot do is listed here by name and nowhere else."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sandbox.spec import Limits, Mount, SandboxError, Spec
from sandbox.tier import Sandbox

pytestmark = pytest.mark.slow

DIFFERENCES = {
    "bubblewrap": set(),
    "docker": {
        "cpu after the end",  # the engine forgets the accounts with the control group
        "python of choice",  # an image has one
    },
}
if os.geteuid() != 0:
    DIFFERENCES["bubblewrap"] |= {"cpu after the end", "cpu while running", "peak memory"}

SECRET = "HASTEN_TEST_SECRET"


def can(sandbox: Sandbox, ability: str) -> bool:
    return ability not in DIFFERENCES[sandbox.tier]


def shell(script: str, *mounts: Mount, **more: object) -> Spec:
    return Spec(("/bin/sh", "-c", script), tuple(mounts), **more)


def python(sandbox: Sandbox, code: str, *mounts: Mount, **more: object) -> Spec:
    interpreter = sandbox.interpreter()
    return Spec((interpreter.path, "-I", "-c", code), (*interpreter.mounts, *mounts), **more)


def running_with(marker: str) -> list[int]:
    """Live processes on this machine whose command line holds the marker."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and marker.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def gone_within(seconds: float, marker: str) -> bool:
    end = time.monotonic() + seconds
    while running_with(marker):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def marker() -> str:
    return f"31.{time.monotonic_ns()}"


def test_tells_the_exit_code_and_keeps_the_streams_apart(sandbox):
    result = sandbox.run(shell("echo out; echo err >&2; exit 7"))

    assert (result.exit, result.stdout, result.stderr) == (7, b"out\n", b"err\n")
    assert not (result.ok or result.oom or result.timed_out or result.truncated)
    assert result.tier == sandbox.tier


def test_a_command_that_is_not_there_is_a_result(sandbox):
    assert sandbox.run(Spec(("/no/such/program",))).exit == 127


def test_a_command_killed_from_inside_has_its_signal_in_the_exit_code(sandbox):
    assert sandbox.run(shell("kill -9 $$")).exit == 137


def test_stdin_arrives_whole_and_ends(sandbox):
    given = os.urandom(300_000)

    assert sandbox.run(Spec(("/bin/cat",), stdin=given)).stdout == given


def test_a_command_that_ignores_its_stdin_is_no_trouble(sandbox):
    assert sandbox.run(shell("exit 0", stdin=b"x" * 1_000_000)).ok


def test_a_time_out_takes_the_whole_tree_with_it(sandbox, marker):
    script = f"trap '' TERM; (setsid sleep {marker} &) ; sleep {marker}"

    result = sandbox.run(shell(script, limits=Limits(seconds=1)))

    assert result.timed_out and result.exit is None
    assert result.usage.wall_s < 1 + 2
    assert gone_within(2, marker)


def test_what_a_command_leaves_behind_ends_with_it(sandbox, marker):
    result = sandbox.run(shell(f"setsid sleep {marker} & exit 0"))

    assert result.ok
    assert gone_within(2, marker)


def test_kill_ends_it_and_may_be_repeated(sandbox, marker):
    with sandbox.start(shell(f"sleep {marker} & sleep {marker}")) as running:
        running.kill()
        running.kill()
        result = running.wait()

    assert result.exit is None and not result.timed_out
    assert running.wait() == result
    assert gone_within(2, marker)


def test_leaving_the_block_kills(sandbox, marker):
    with sandbox.start(shell(f"sleep {marker}")):
        pass

    assert gone_within(2, marker)


def test_waiting_a_while_kills_what_is_late(sandbox, marker):
    with sandbox.start(shell(f"sleep {marker}")) as running:
        result = running.wait(0.3)

    assert result.timed_out
    assert gone_within(2, marker)


def test_a_flood_of_output_is_read_and_cut(sandbox):
    result = sandbox.run(shell("yes", limits=Limits(seconds=1, output_bytes=1000)))

    assert result.timed_out and result.truncated
    assert result.stdout == b"y\n" * 500


def test_out_of_memory_is_told_apart(sandbox):
    result = sandbox.run(
        python(sandbox, "x = bytearray(400 << 20); x[::4096] = x[::4096]; print(len(x))", limits=Limits(memory_mib=96))
    )

    assert result.oom and not result.ok
    assert result.stdout == b""


def test_a_grandchild_out_of_memory_is_noticed_though_the_command_ends_well(sandbox):
    if os.geteuid() != 0 and sandbox.tier == "bubblewrap":
        pytest.skip("without control groups the whole sandbox is ended")
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(400 << 20)'])"

    result = sandbox.run(python(sandbox, child, limits=Limits(memory_mib=96)))

    assert result.exit == 0 and result.oom and not result.ok


def test_a_fork_bomb_hits_the_limit(sandbox):
    bomb = """
import os, time
made = 0
try:
    while made < 2000:
        if os.fork() == 0:
            time.sleep(30)
        made += 1
except OSError:
    print(made, flush=True)
os._exit(0)
"""

    result = sandbox.run(python(sandbox, bomb, limits=Limits(seconds=20, processes=32)))

    assert 20 <= int(result.stdout) <= 34


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
def test_a_full_disk_is_an_error_inside(sandbox, place):
    result = sandbox.run(shell(f"dd if=/dev/zero of={place}/x bs=1M; ls -s {place}/x", limits=Limits(disk_mib=8)))

    assert b"No space left" in result.stderr
    assert int(result.stdout.split()[0]) <= 8 << 10


def test_a_writable_mount_does_not_fill_the_hosts_disk(sandbox, tmp_path):
    script = "for number in $(seq 400); do head -c 4194304 /dev/zero > /out/$number; sleep 0.02; done; echo all"

    result = sandbox.run(shell(script, Mount(tmp_path, "/out", writable=True), limits=Limits(seconds=40, disk_mib=32)))

    assert result.exit is None and not (result.timed_out or result.oom)
    assert b"more" in result.stderr and b"all" not in result.stdout
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 400 << 20


def test_there_is_no_network_but_loopback(sandbox):
    code = """
import socket
for address in (("192.0.2.1", 80), ("8.8.8.8", 53), ("169.254.169.254", 80)):
    try:
        socket.create_connection(address, 2)
        print("connected")
    except OSError as error:
        print(type(error).__name__, error.errno)
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), 2)
print(sorted(name for _, name in socket.if_nameindex()))
"""

    said = sandbox.run(python(sandbox, code)).stdout.decode()

    assert "connected" not in said
    assert "['lo']" in said


def test_the_hosts_own_loopback_is_out_of_reach(sandbox):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = sandbox.run(python(sandbox, f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"))

    assert b"ConnectionRefusedError" in result.stderr


def test_a_source_is_readable_and_not_writable(sandbox, tmp_path):
    tmp_path.chmod(0o700)
    (tmp_path / "file").write_text("content")
    (tmp_path / "file").chmod(0o600)
    script = "cat /work/file; echo x > /work/new; echo x > /work/file; rm /work/file; mv /work/file /work/other"

    result = sandbox.run(shell(script, Mount(tmp_path, "/work")))

    assert result.stdout == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "content"


def test_a_writable_mount_is_written_and_read_back(sandbox, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "old").write_text("old")
    script = "echo new > /out/deep/old && mkdir /out/more && echo made > /out/more/file && rm -r /out/deep"

    result = sandbox.run(shell(f"{script}; pwd", Mount(tmp_path, "/out", writable=True), workdir="/out"))

    assert result.ok and result.stdout == b"/out\n"
    assert (tmp_path / "more" / "file").read_text() == "made\n"
    assert not (tmp_path / "deep").exists()


def test_a_mount_below_a_mount_wins(sandbox, tmp_path):
    for name in ("outer/inner", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "other" / "file").write_text("inner")

    result = sandbox.run(shell("cat /a/inner/file", Mount(tmp_path / "other", "/a/inner"), Mount(tmp_path / "outer", "/a")))

    assert result.stdout == b"inner"


def test_a_mount_that_is_not_there_is_the_sandboxs_failure(sandbox, tmp_path):
    with pytest.raises(SandboxError, match="nowhere"):
        sandbox.run(shell("true", Mount(tmp_path / "nowhere", "/work")))


def test_a_zero_byte_is_the_callers_mistake(sandbox):
    with pytest.raises(SandboxError):
        sandbox.run(shell("true", environment={"A": "b\0--bind\0/\0/host"}))


def test_nothing_of_the_environment_leaks(sandbox, monkeypatch):
    monkeypatch.setenv(SECRET, "seen")
    code = "import os, json; print(json.dumps([dict(os.environ), open('/proc/1/environ', 'rb').read().decode()]))"

    result = sandbox.run(python(sandbox, code, environment={"GIVEN": "a b\n$c"}))

    mine, init = json.loads(result.stdout) if result.ok else ({}, "")
    assert mine["GIVEN"] == "a b\n$c"
    assert SECRET not in {**mine} and SECRET not in init
    assert set(mine) <= {"GIVEN", "PATH", "HOME", "TMPDIR", "LANG", "PWD", "HOSTNAME", "LC_CTYPE", "USER"}


def test_only_the_three_streams_are_open(sandbox):
    assert (
        sandbox.run(python(sandbox, "import os; print(sorted(os.listdir('/proc/self/fd')))")).stdout == b"['0', '1', '2', '3']\n"
    )


def test_the_hosts_files_and_processes_are_out_of_sight(sandbox, tmp_path):
    code = f"""
import os
print(*(os.access(path, os.R_OK) for path in ({str(tmp_path)!r}, "/etc/shadow", "/var/run/docker.sock")))
print(len([name for name in os.listdir('/proc') if name.isdigit()]) <= 3, os.getuid() != 0)
"""

    assert sandbox.run(python(sandbox, code)).stdout == b"False False False\nTrue True\n"


def test_it_cannot_gain_privileges(sandbox):
    said = sandbox.run(shell("grep -E '^(Cap(Prm|Eff|Bnd)|NoNewPrivs)' /proc/self/status")).stdout.split()

    assert said[1::2] == [b"0" * 16] * 3 + [b"1"]


def test_a_unix_socket_of_a_mounted_folder_can_be_reached(sandbox, tmp_path):
    code = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/judge/socket'); s.send(b'hello')"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        listener.settimeout(20)
        with sandbox.start(python(sandbox, code, Mount(tmp_path, "/judge"))) as running:
            connection, _ = listener.accept()
            with connection:
                said = connection.recv(5)
            running.wait()

    assert said == b"hello"


def test_the_peer_of_that_socket_is_one_of_its_pids(sandbox, tmp_path):
    code = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/judge/socket'); s.recv(1)"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        listener.settimeout(20)
        with sandbox.start(python(sandbox, code, Mount(tmp_path, "/judge"))) as running:
            connection, _ = listener.accept()
            with connection:
                peer = int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:4], sys.byteorder)
                pids = running.pids()

    assert pids == [peer]


def test_cpu_time_counts_children_that_are_gone(sandbox):
    if not can(sandbox, "cpu while running"):
        pytest.skip("no control groups for this user")
    burn = "t = time.process_time()\nwhile time.process_time() < t + 0.3: pass"
    code = (
        f"import os, time\nif os.fork() == 0:\n    exec({burn!r})\n    os._exit(0)\nos.wait()\nprint(flush=True)\ntime.sleep(30)"
    )

    with sandbox.start(python(sandbox, code)) as running:
        end = time.monotonic() + 20
        while (running.cpu_s() or 0) < 0.3 and time.monotonic() < end:
            time.sleep(0.05)
        used = running.cpu_s()
        running.kill()
        result = running.wait()

    assert used is not None and used >= 0.3
    if can(sandbox, "cpu after the end"):
        assert result.usage.cpu_s is not None and result.usage.cpu_s >= used
    else:
        assert result.usage.cpu_s is None


def test_many_at_once_do_not_mix(sandbox):
    answers: dict[int, bytes] = {}

    def one(number: int) -> None:
        answers[number] = sandbox.run(Spec(("/bin/cat",), stdin=b"%d" % number)).stdout

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {number: b"%d" % number for number in range(8)}


def test_it_outlives_the_thread_that_started_it(sandbox):
    started = []
    thread = threading.Thread(target=lambda: started.append(sandbox.start(shell("sleep 0.5; echo still here"))))
    thread.start()
    thread.join()

    with started[0] as running:
        assert running.wait().stdout == b"still here\n"


def test_the_default_python_runs_and_another_may_be_wished_for(sandbox):
    interpreter = sandbox.interpreter()
    version = ".".join(map(str, interpreter.version))

    result = sandbox.run(python(sandbox, "import platform; print(platform.python_version())"))

    assert result.stdout.decode().strip() == version
    assert sandbox.interpreter(version) == interpreter
    with pytest.raises(SandboxError, match=version):
        sandbox.interpreter("3.99")


ORPHAN = """
import sys, time
from sandbox.bubblewrap import Bubblewrap
from sandbox.docker import Docker
from sandbox.spec import Spec
tier, image, owner, marker = sys.argv[1:]
sandbox = Docker(image) if tier == "docker" else Bubblewrap()
running = sandbox.start(Spec(("/bin/sh", "-c", f"setsid sleep {marker} & echo up; sleep {marker}"), owner=owner))
print("started", flush=True)
time.sleep(60)
"""


def test_orphans_of_a_killed_bot_are_swept(sandbox, marker):
    owner, image = f"run-{marker}", getattr(sandbox, "image", "-")
    bot = subprocess.Popen([sys.executable, "-c", ORPHAN, sandbox.tier, image, owner, marker], stdout=subprocess.PIPE)
    assert bot.stdout and bot.stdout.readline() == b"started\n"
    with bot:
        os.kill(bot.pid, signal.SIGKILL)

    sandbox.sweep("run-of-somebody-else")
    sandbox.sweep(owner)

    assert gone_within(2, marker)
    assert sandbox.sweep(owner) == 0


def test_a_sweep_leaves_what_is_running_here(sandbox):
    with sandbox.start(shell("sleep 0.5; echo alive", owner="run-mine")) as running:
        sandbox.sweep("run-mine")
        sandbox.sweep()

        assert running.wait().stdout == b"alive\n"


def test_it_is_over_when_the_command_has_ended_and_not_before(sandbox):
    with sandbox.start(python(sandbox, "import time; time.sleep(60)")) as running:
        before = running.over()
        running.kill()
        running.wait()

        assert (before, running.over()) == (False, True)
