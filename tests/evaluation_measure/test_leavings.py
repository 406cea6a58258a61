"""What a process leaves behind, as far as it is looked at from outside."""

import os
from dataclasses import replace
from random import Random

from evaluation.guard.last_look import leavings
from evaluation.guard.last_look.differences import Comparing, Mixed, Told, mixed
from evaluation.inputs import Input
from evaluation.policy import Policy
from evaluation.probe import codec
from evaluation.speed.referee import Pool
from sandbox.spec import Result, Usage


def test_files_are_told_by_content_and_no_link_is_followed(tmp_path):
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "secret").write_text("secret")
    top = tmp_path / "top"
    (top / "in").mkdir(parents=True)
    (top / "in" / "log").write_text("one line")
    (top / ".cache" / "deep").mkdir(parents=True)
    (top / "folder").symlink_to(outside)
    (top / "link").symlink_to(outside / "deep" / "secret")
    os.mkfifo(top / "pipe")

    before = {name: text for name, _, text in leavings._walked(str(top), 100)}
    (top / "in" / "log").write_text("two line")
    after = {name: text for name, _, text in leavings._walked(str(top), 100)}

    assert set(before) == {"in/", "in/log", "folder/", "link", "pipe", ".cache/"}
    assert before["link"] == "unread"
    assert [name for name in before if before[name] != after[name]] == ["in/log"]


def test_of_more_than_is_read_the_size_counts(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 200)

    assert leavings._walked(str(tmp_path), 100) == [("large", 0, "200 bytes")]


def said(*streams):
    """What a process is taken to have said that printed this between two marks, and something else before and after."""
    stdout, stderr = (b"imported\n\nmark\n\n" + text + b"\nmark\nrefused\n" for text in streams)
    return leavings.said(Result(0, False, False, stdout, stderr, False, Usage(0.0, None, None), "bubblewrap"), "\nmark\n")


WARNED = b"/sides/%s/m.py:%d: UserWarning: few rows\n  warnings.warn(%s)\nno rows\n"


def test_where_code_lies_and_how_its_lines_read_is_no_part_of_what_it_prints():
    one, other = (said(b"done\n", WARNED % words) for words in ((b"ab12", 3, b"text"), (b"9f", 40, b"few()")))

    assert one == other == {"stdout": "\ndone", "stderr": "\nno rows", "warnings": [["UserWarning", "few rows"]]}


def test_a_warning_of_several_lines_is_one_warning():
    text = b"A value is trying to be set on a copy of a slice from a DataFrame\n\nSee the caveats in the documentation: somewhere"
    found = said(b"", b"/sides/ab/m.py:4: SettingWithCopyWarning: \n" + text + b"\n  frame['a'] = 1\n  an indented line\n")

    assert found["warnings"] == [["pandas.errors.SettingWithCopyWarning", "\n" + text.decode()]]
    assert found["stderr"] == "\n  an indented line"


def test_who_draws_from_a_random_stream_where_nobody_did_is_told():
    sample = mixed([], [b"input"], 1, Random(1)) or [Mixed(Pool([b"input"], arguments=True), {})]
    frame = codec.encode(("returned", None))
    quiet, draws = (Told([([frame], {"dice": dice})], [], {}) for dice in ({}, {"random": "12"}))
    comparing = Comparing(Policy(), lambda *_: None)

    assert [code for code, _ in comparing.differences(sample, [], quiet, draws)] == ["equivalence.state"]
    assert list(comparing.differences(sample, [], draws, replace(draws, mixed=[([frame], {"dice": {"random": "9"}})]))) == []
    ours = [replace(each, pool=replace(each.pool, seeds=[1])) for each in sample]
    assert list(comparing.differences(ours, [], quiet, draws)) == []


def test_what_is_no_longer_printed_is_a_difference():
    all_of = [said(*words) for words in ((b"done", b""), (b"", b""))]
    ours, theirs = (Told([], [], each) for each in all_of)

    ((code, text),) = Comparing(Policy(), lambda *_: None).differences([], [], ours, theirs)

    assert code == "equivalence.output"
    assert text.endswith("in all that it printed")


def test_edges_are_dealt_into_samples_of_ordinary_calls():
    edges = [Input(b"edge %d" % at, "", "edge") for at in range(5)]
    ordinary = [b"%d" % at for at in range(20)]

    samples = mixed(edges, ordinary, 8, Random(1))

    assert [len(each.pool.inputs) for each in samples] == [8, 8, 8]
    assert all(each.pool.arguments for each in samples)
    assert sorted(each.pickle for sample in samples for each in sample.edges.values()) == [each.pickle for each in edges]
    assert all(sample.pool.inputs[at] == edge.pickle for sample in samples for at, edge in sample.edges.items())


def test_an_edge_that_is_no_longer_refused_is_a_difference_and_how_it_is_refused_is_none():
    (sample,) = mixed([Input(b"edge", "nothing in it", "edge")], [], 3, Random(1))
    refused, otherwise, let_in = (codec.encode(each) for each in (raised("no rows"), raised("none"), ("returned", 0, ([],), {})))
    ours = Told([([refused], {})], [], {})

    def found(frame):
        return list(Comparing(Policy(), lambda *_: None).differences([sample], [], ours, Told([([frame], {})], [], {})))

    assert found(otherwise) == []
    assert [code for code, _ in found(let_in)] == ["equivalence.exception"]


def raised(text):
    return ("raised", ValueError(text), ([],), {})
