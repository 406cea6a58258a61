"""What bwrap is asked for: the bounds of the sandbox as options, without starting it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.confinement import arguments, command, system_mounts
from sandbox.launcher import separated
from sandbox.spec import Limits, Mount, Spec

SPEC = Spec(("python", "-c", "pass"), workdir="/work", environment={"A": "b"}, limits=Limits(processes=5, disk_mib=3))


def options(spec: Spec = SPEC, *binds: Mount) -> list[str]:
    return arguments(spec, binds, links={"/bin": "usr/bin"}, texts={"/etc/passwd": 9}, fds=(3, 4))


def has(listed: list[str], *wanted: str) -> bool:
    return any(tuple(listed[at : at + len(wanted)]) == wanted for at in range(len(listed)))


def test_every_namespace_is_new_and_dies_with_us():
    for name in ("user", "pid", "net", "ipc", "uts"):
        assert f"--unshare-{name}" in options()
    assert {"--die-with-parent", "--new-session", "--clearenv", "--disable-userns"} <= set(options())
    assert "--share-net" not in options()


def test_what_is_writable_has_a_size_and_the_root_is_closed_after_the_last_mount():
    listed = options(SPEC, Mount(Path("/a"), "/a"))

    for place in ("/tmp", "/dev/shm"):
        assert has(listed, "--size", str(3 << 20), "--tmpfs", place)
    assert listed.index("/a") < len(listed) - 1 - listed[::-1].index("--remount-ro")
    assert has(listed, "--remount-ro", "/")


def test_mounts_are_read_only_unless_they_say_so_and_outer_ones_come_first():
    listed = options(SPEC, Mount(Path("/x"), "/work/deep"), Mount(Path("/y"), "/work", writable=True))

    assert has(listed, "--bind", "/y", "/work", "--ro-bind", "/x", "/work/deep")


def test_the_command_runs_behind_its_limits():
    assert command(SPEC)[-3:] == ["python", "-c", "pass"]
    assert command(SPEC)[4:6] == ["4096", "7"]


def test_the_system_shows_programs_and_libraries_only():
    allowed = (
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/etc/ssl",
        "/etc/pki/tls",
        "/etc/localtime",
    )

    assert all(mount.target.startswith(allowed) and not mount.writable for mount in system_mounts())


def test_a_value_cannot_smuggle_in_options():
    with pytest.raises(ValueError, match="zero byte"):
        separated(options(Spec(("true",), environment={"A": "b\0--bind\0/\0/host"})))


@settings(max_examples=30)
@given(st.dictionaries(st.text("AB_", min_size=1), st.text(st.characters(exclude_characters="\0", codec="utf-8"))))
def test_a_variable_is_one_argument_whatever_it_holds(environment):
    listed = options(Spec(("true",), environment=environment))

    assert all(has(listed, "--setenv", name, value) for name, value in environment.items())
