"""What machine measured, and whether it is the wanted one."""

import json

import pytest

from evaluation.hardware import Fingerprint, fingerprint, read, satisfies
from evaluation.project import Hardware

LSCPU = json.dumps(
    {
        "lscpu": [
            {"field": "Architecture:", "data": "x86_64"},
            {
                "field": "Vendor ID:",
                "data": "AuthenticAMD",
                "children": [
                    {"field": "Model name:", "data": "AMD EPYC", "children": [{"field": "Flags:", "data": "fpu avx2 avx512f"}]}
                ],
            },
            {"field": "L3 cache:", "data": "32 MiB (1 instance)"},
        ]
    }
).encode()
FOUND = read(LSCPU, usable=2, kernel="6.1", arch="x86_64")


def test_the_machine_in_one_line():
    assert FOUND.line("3.12.4") == "AMD EPYC · x86_64 · 2 cores · L3 32 MiB · Linux 6.1 · Python 3.12.4"


@pytest.mark.parametrize("answer", [b"", b"no json", b"[]", b'{"lscpu": 3}', b'{"lscpu": ["x", {}]}'])
def test_what_lscpu_does_not_say_stays_unknown(answer):
    found = read(answer, usable=None, kernel=None, arch=None)

    assert found.cpu is None and found.flags is None and found.cores is None
    assert found.line() == "CPU unknown · cores unknown"


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        ({}, "match"),
        ({"arch": "x86_64", "isa": {"require": ["avx2"]}, "cores": {"min": 2}}, "match"),
        ({"arch": "aarch64"}, "mismatch"),
        ({"isa": {"require": ["avx2", "amx_tile"]}}, "mismatch"),
        ({"cores": {"min": 16}}, "mismatch"),
    ],
)
def test_the_check_against_what_a_project_wants(wanted, verdict):
    found = satisfies(FOUND, Hardware(**wanted))

    assert found.verdict == verdict
    assert bool(found.reasons) == (verdict != "match")


def test_what_is_unknown_is_partial_rather_than_guessed():
    assert satisfies(Fingerprint(), Hardware(arch="x86_64", isa={"require": ["avx2"]})).verdict == "partial"


def test_this_machine_has_cores_and_an_architecture():
    found = fingerprint()

    assert found.cores and found.arch
