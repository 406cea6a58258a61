"""Both versions of control groups, told apart by how a host mounts them; version 2 on a folder that looks like one."""

from pathlib import Path

from sandbox.cgroup import Group, Hierarchy, account_of, hierarchy
from sandbox.spec import Limits


def unified(folder: Path, controllers: str) -> str:
    folder.mkdir()
    (folder / "cgroup.controllers").write_text(controllers)
    return f"cgroup2 {folder} cgroup2 rw 0 0\n"


def split(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).mkdir()
    return "".join(f"cgroup {folder / name} cgroup rw,relatime,{name} 0 0\n" for name in names)


def test_version_one_wins_on_a_hybrid_host(tmp_path):
    found = hierarchy(split(tmp_path, "memory", "pids", "cpuacct") + unified(tmp_path / "unified", ""))

    assert found == Hierarchy(1, {name: tmp_path / name for name in ("memory", "pids", "cpuacct")})


def test_version_two_needs_its_controllers(tmp_path):
    assert hierarchy(unified(tmp_path / "bare", "cpuset cpu")) is None
    found = hierarchy(unified(tmp_path / "full", "cpuset cpu memory pids"))

    assert found is not None and found.version == 2
    assert (tmp_path / "full" / "hasten" / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_nothing_mounted_is_nothing_found():
    assert hierarchy("") is None
    assert hierarchy("proc /proc proc rw 0 0\n") is None


def test_a_group_of_version_two_writes_bounds_and_reads_accounts(tmp_path):
    group = Group(Hierarchy(2, dict.fromkeys(("memory", "pids", "cpuacct"), tmp_path)), "run~1~a")
    folder = tmp_path / "hasten" / "run~1~a"
    folder.mkdir(parents=True)
    (folder / "memory.swap.max").touch()

    group.create(Limits(memory_mib=64, processes=5))
    group.add(123)
    (folder / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1\n")
    (folder / "memory.events").write_text("low 0\noom 1\noom_kill 1\n")
    (folder / "memory.peak").write_text("1048576\n")

    assert (folder / "memory.max").read_text() == str(64 << 20)
    assert (folder / "memory.swap.max").read_text() == "0"
    assert (folder / "pids.max").read_text() == "7"
    assert group.pids() == [123]
    assert (group.cpu_s(), group.oom(), group.peak_mib()) == (1.5, True, 1.0)


def test_a_group_that_is_gone_has_no_accounts(tmp_path):
    group = Group(Hierarchy(2, dict.fromkeys(("memory", "pids", "cpuacct"), tmp_path)), "gone")

    assert (group.pids(), group.cpu_s(), group.oom(), group.peak_mib()) == ([], None, False, None)


def test_the_account_of_a_strangers_group_is_found_by_version_one(tmp_path):
    (tmp_path / "cpu,cpuacct" / "docker" / "abc").mkdir(parents=True)
    (tmp_path / "cpu,cpuacct" / "docker" / "abc" / "cpuacct.usage").write_text("2500000000\n")
    mounts = f"cgroup {tmp_path}/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\ncgroup2 {tmp_path}/unified cgroup2 rw 0 0\n"

    found = account_of(7, mounts, "3:cpu,cpuacct:/docker/abc\n0::/docker/abc\n")

    assert found is not None and found.cpu_s() == 2.5


def test_the_account_of_a_strangers_group_is_found_by_version_two(tmp_path):
    (tmp_path / "system.slice" / "docker-abc.scope").mkdir(parents=True)
    (tmp_path / "system.slice" / "docker-abc.scope" / "cpu.stat").write_text("usage_usec 1500000\n")

    found = account_of(7, f"cgroup2 {tmp_path} cgroup2 rw 0 0\n", "0::/system.slice/docker-abc.scope\n")

    assert found is not None and found.cpu_s() == 1.5


def test_a_group_that_this_host_does_not_show_has_no_account(tmp_path):
    assert account_of(7, f"cgroup2 {tmp_path} cgroup2 rw 0 0\n", "0::/elsewhere\n") is None
