"""What machine measured, read from samples of `lscpu` and control groups, and whether it is the wanted one."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.project import BASE, FILES, written
from evaluation.judge import Depth
from evaluation.machine import speeds
from evaluation.machine.hardware import Fingerprint, Limits, fingerprint, memory_gib, quota, read
from evaluation.machine.request import Hardware
from evaluation.machine.wanted import described, features, fits, satisfies
from evaluation.probe import speed


def lscpu(fields):
    return json.dumps({"lscpu": [{"field": f"{name}:", "data": data} for name, data in fields.items()]}).encode()


V3 = "fpu cmov cx8 fxsr mmx sse sse2 cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"
V4 = f"{V3} avx512f avx512bw avx512cd avx512dq avx512vl"
GUEST = lscpu(  # a virtual machine: one thread per core as far as it is shown
    {
        "Architecture": "x86_64", "Vendor ID": "AuthenticAMD", "Model name": "AMD EPYC", "CPU family": "25", "Model": "17",
        "Thread(s) per core": "1", "Flags": V4, "Hypervisor vendor": "KVM", "L2 cache": "2 MiB (2 instances)",
        "L3 cache": "32 MiB (1 instance)",
    }
)  # fmt: skip
CACHES = json.dumps({"caches": [{"name": "L2", "one-size": "1M"}, {"name": "L3", "one-size": "32M"}]}).encode()
NESTED = json.dumps(  # as since util-linux 2.37
    {
        "lscpu": [
            {"field": "Architecture:", "data": "aarch64"},
            {
                "field": "Vendor ID:",
                "data": "ARM",
                "children": [
                    {
                        "field": "Model name:",
                        "data": "Neoverse-N1",
                        "children": [
                            {"field": "Model:", "data": "1"},
                            {"field": "Thread(s) per core:", "data": "1"},
                            {"field": "Flags:", "data": "fp asimd atomics"},
                        ],
                    }
                ],
            },
            {"field": "Caches (sum of all):", "data": None, "children": [{"field": "L2:", "data": "64 MiB (64 instances)"}]},
        ]
    }
).encode()
OLD = lscpu(  # as before 2.34: sizes of one cache, no counts
    {
        "Architecture": "x86_64",
        "CPU family": "6",
        "Model": "85",
        "Model name": "-",
        "Thread(s) per core": "2",
        "L2 cache": "1024K",
    }
)
FOUND = read(GUEST, CACHES, usable=2, kernel="6.1", arch="x86_64", memory_gib=15.6, limits=Limits(math.inf, False))


def test_the_machine_in_one_line():
    assert FOUND.line("3.12.4") == "AMD EPYC · x86_64 · 2 cores · L2 1 MiB, L3 32 MiB · under KVM · Linux 6.1 · Python 3.12.4"
    held = replace(FOUND, limits=Limits(1.5, True, container=True))
    assert "in a container, 1.5 cores' time only" in held.line()


def test_a_guest_is_read_and_does_not_know_about_its_threads():
    assert (FOUND.vendor, FOUND.family, FOUND.model) == ("AuthenticAMD", 25, 17)
    assert (FOUND.l2_kib, FOUND.l3_kib) == (1024, 32768)
    assert FOUND.smt is None


def test_an_arm_machine_with_nested_fields_is_read():
    found = read(NESTED, usable=64, kernel=None, arch=None)

    assert (found.arch, found.cpu, found.smt, found.l2_kib) == ("aarch64", "Neoverse-N1", False, 1024)
    assert "atomics" in found.flags


def test_an_old_lscpu_is_read_and_what_it_lacks_stays_unknown():
    found = read(OLD, usable=4, kernel=None, arch=None)

    assert (found.family, found.smt, found.l2_kib) == (6, True, 1024)
    assert (found.cpu, found.flags, found.l3_kib) == (None, None, None)


@pytest.mark.parametrize(
    "answer", [b"", b"no json", b"[]", b'{"lscpu": 3}', b'{"lscpu": ["x", {}]}', lscpu({"L2 cache": "?", "Model": "x"})]
)
def test_what_lscpu_does_not_say_stays_unknown(answer):
    found = read(answer, answer, usable=None, kernel=None, arch=None)

    assert found.cpu is None and found.flags is None and found.cores is None and found.l2_kib is None
    assert found.line() == "CPU unknown · cores unknown"


def groups(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "mine", "cores"),
    [
        ({"cpu.max": "max 100000\n"}, "0::/\n", math.inf),
        ({"pod/cpu.max": "150000 100000\n", "pod/box/cpu.max": "max 100000\n"}, "0::/pod/box\n", 1.5),
        ({"cpu/a/cpu.cfs_quota_us": "50000", "cpu/a/cpu.cfs_period_us": "100000"}, "4:memory:/b\n2:cpu,cpuacct:/a\n", 0.5),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, "1:cpu:/gone\n", math.inf),
        ({"cpu.max": "nonsense 0\n"}, "0::/\n", None),
        ({}, "", None),
    ],
)
def test_a_quota_is_found_in_both_kinds_of_control_groups(tmp_path, files, mine, cores):
    assert quota(groups(tmp_path, files), mine) == cores


@pytest.mark.parametrize(
    ("files", "mine", "gib"),
    [
        ({}, "0::/a\n", 64.0),
        ({"a/memory.max": "2147483648"}, "0::/a/b\n", 2.0),
        ({"a/memory.max": "max"}, "0::/a\n", 64.0),
        ({"memory/a/memory.limit_in_bytes": "4294967296"}, "4:memory:/a\n2:cpu,cpuacct:/b\n", 4.0),
        ({"memory/a/memory.limit_in_bytes": "9223372036854771712"}, "4:memory:/a\n", 64.0),
    ],
)
def test_memory_is_what_control_groups_leave_of_the_hosts(tmp_path, files, mine, gib):
    host = tmp_path / "meminfo"
    host.write_text("MemTotal:       67108864 kB\nMemFree: 1 kB\n")

    assert memory_gib(groups(tmp_path / "groups", files), mine, host) == gib


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        ({}, "match"),
        ({"arch": "x86_64", "isa": {"require": ["avx2"]}, "cores": {"min": 2}}, "match"),
        ({"arch": "aarch64"}, "mismatch"),
        ({"isa": {"require": ["avx2", "amx_tile"]}}, "mismatch"),
        ({"isa": {"level": "x86-64-v4"}}, "match"),
        ({"isa": {"forbid": ["avx512f"]}}, "mismatch"),
        ({"cpu": {"vendor": "AuthenticAMD", "family": 25, "model": [1, 17], "name": "epyc"}}, "match"),
        ({"cpu": {"vendor": "GenuineIntel"}}, "mismatch"),
        ({"cpu": {"model": 18}}, "mismatch"),
        ({"cpu": {"name": "Xeon"}}, "mismatch"),
        ({"cores": {"min": 16}}, "mismatch"),
        ({"cores": {"max": 1}}, "mismatch"),
        ({"smt": "off"}, "partial"),
        ({"cache": {"l2_kib": {"min": 1024}, "l3_mib": {"min": 16, "max": 64}}}, "match"),
        ({"cache": {"l3_mib": {"min": 64}}}, "mismatch"),
        ({"memory_gib": {"min": 8}}, "match"),
        ({"memory_gib": {"min": 64}}, "mismatch"),
        ({"runtime": {"python": ">=3.11,<3.14", "numpy": ">= 2"}}, "match"),
        ({"runtime": {"python": "<3.12"}}, "mismatch"),
        ({"runtime": {"polars": ">=1"}}, "partial"),
        ({"container": {"cpu_quota": "none"}}, "match"),
        ({"container": {"cpuset": "pinned"}}, "mismatch"),
        ({"probe": {"int_loop": {"ref": 30, "tol": 0.15}, "copy": {"min": 5}}}, "match"),
        ({"probe": {"int_loop": {"ref": 60}}}, "mismatch"),
        ({"probe": {"copy": {"min": 12}}}, "mismatch"),
        ({"probe": {"sort": {"min": 1}}}, "partial"),
    ],
)
def test_the_check_against_what_a_project_wants(wanted, verdict):
    versions = {"python": "3.12.4", "numpy": "2.4.6"}

    found = satisfies(FOUND, Hardware(**wanted), versions, {"int_loop": 33.0, "copy": 9.5})

    assert found.verdict == verdict
    assert bool(found.reasons) == (verdict != "match")


def test_a_quota_leaves_fewer_cores_and_is_no_free_machine():
    held = replace(FOUND, limits=Limits(1.5, False))

    assert satisfies(held, Hardware(cores={"min": 2})).reasons == ("1 usable cores, wanted at least 2",)
    assert satisfies(held, Hardware(container={"cpu_quota": "none"})).verdict == "mismatch"


EVERYTHING = Hardware(
    arch="x86_64", isa={"level": "x86-64-v3", "require": ["avx2"], "forbid": ["sve"]}, cores={"min": 2}, smt="on",
    cpu={"vendor": "AuthenticAMD", "family": 25, "model": 17, "name": "EPYC"}, memory_gib={"min": 8}, runtime={"python": ">=3"},
    cache={"l2_kib": {"min": 1}, "l3_mib": {"min": 1}},
    container={"cpu_quota": "none", "cpuset": "pinned"}, probe={"sort": {"min": 1}},
)  # fmt: skip


def test_what_is_unknown_is_partial_rather_than_guessed():
    found = satisfies(Fingerprint(), EVERYTHING, {}, {})

    assert found.verdict == "partial"
    assert len(found.reasons) == 15


@given(
    part=st.sampled_from(["arch", "vendor", "cpu", "family", "model", "flags", "cores", "smt", "l2_kib", "l3_kib", "memory_gib"])
)
def test_knowing_less_never_turns_a_mismatch_into_a_match(part):
    full = replace(FOUND, smt=True)

    assert satisfies(replace(full, **{part: None}), EVERYTHING, {"python": "3.12"}, {"sort": 2.0}).verdict != "match"


def test_a_level_is_all_that_it_and_the_ones_below_stand_for():
    assert features("x86-64-v4") == set(V4.split())
    assert features("x86-64-v3") == set(V3.split())
    assert features(None) == frozenset()


@pytest.mark.parametrize(
    ("version", "bounds", "within"),
    [
        ("3.12.4", ">=3.11,<3.14", True), ("3.14.0", "<3.14", False), ("3.9", ">=3.11", False), ("2.0", "==2", True),
        ("2.0.1", "!=2.0.1", False), ("2.1rc1", ">2", True), ("3.10", ">3.9", True), ("1.4", "<=1.4.0", True),
    ],
)  # fmt: skip
def test_versions_are_numbers_and_not_text(version, bounds, within):
    assert fits(version, bounds) is within


def test_a_wanted_machine_goes_by_its_name_or_by_what_it_must_have():
    assert described(Hardware(name="prod-c7a", arch="x86_64")) == "prod-c7a"
    assert described(Hardware(arch="x86_64", isa={"require": ["avx2"]}, cores={"min": 4})) == "x86_64, avx2, at least 4 cores"
    assert described(Hardware()) == ""


@pytest.mark.parametrize("text", [b"", b"[]", b'{"sort": "fast", "copy": -1, "dict": true, "strided": NaN}'])
def test_a_probe_that_says_nothing_sensible_gives_no_figures(text):
    assert speeds.read(text) == {}


@pytest.mark.parametrize("name", [name for name in speed.PROBES if name not in ("copy", "strided")])
def test_a_probe_counts_something(name):
    assert speed.best(speed.PROBES[name], seconds=0) > 0


def test_this_machine_has_cores_memory_and_an_architecture():
    found = fingerprint()

    assert found.cores and found.arch and found.memory_gib


@pytest.mark.slow
def test_the_probe_runs_in_the_sandbox(judge):
    found = speeds.measured(judge.sandbox, judge.environment, "test")

    assert set(found) == set(speed.PROBES)


@pytest.mark.slow
@pytest.mark.parametrize(("doing", "codes"), [("refuse", ["hardware.mismatch"]), ("relabel", ["speed.unconfirmed"])])
def test_another_machine_than_the_wanted_one_is_refused_or_named(judge, doing, codes):
    wanted = Hardware(name="prod-1", arch="imaginary", on_mismatch=doing)
    judge = replace(judge, project=judge.project.model_copy(update={"hardware": wanted}))
    faster = BASE.replace("range(13)", "range(5)")
    candidate = written(judge.scratch / "candidate", {**FILES, "m.py": faster})

    card = judge.evaluate(candidate, {"m.py": faster.encode()}, judge.baseline(), depth=Depth.QUICK)

    assert [reason.code for reason in card.reasons] == codes
    assert (card.hardware.verdict, card.hardware.wanted, card.hardware.on_mismatch) == ("mismatch", "prod-1", doing)
    assert bool(card.cells) is (doing == "relabel")
