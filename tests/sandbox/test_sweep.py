"""Whose sandboxes a sweep takes: told from the name of the control group alone."""

import time

import pytest

from sandbox.bubblewrap import group_name, is_stale
from sandbox.spec import Limits, Spec


@pytest.mark.parametrize("owner", ["run-1", "group/project!3", "a~b", "ü", ""])
def test_an_owner_gets_its_own_and_nobody_elses(owner):
    name = group_name(Spec(("true",), owner=owner))

    assert "/" not in name
    assert is_stale(name, owner)
    assert not is_stale(name, owner + "x")


def test_without_an_owner_only_what_is_late():
    assert not is_stale(group_name(Spec(("true",), limits=Limits(seconds=5))), None)
    assert is_stale(f"run~{int(time.time()) - 1}~abc", None)
    assert is_stale("no-name-of-ours", None)


def test_two_sandboxes_never_share_a_name():
    assert group_name(Spec(("true",))) != group_name(Spec(("true",)))
