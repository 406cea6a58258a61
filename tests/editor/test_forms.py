"""How well forms of edits work, and which one is asked for next."""

from bot.editor.forms import Record, Tried, choose, records


def test_rates_refusals_and_repairs_are_counted_by_model_and_form():
    history = [
        Tried("a", "search-replace", ("no-match",)),
        Tried("a", "symbol"),
        Tried("a", "search-replace", ("no-match", "syntax")),
        Tried("a", "search-replace"),
        Tried("a", "search-replace"),
        Tried("b", "search-replace", ("elision",)),
    ]

    known = records(history)

    assert known["a", "search-replace"] == Record(4, 2, 1, 2, {"no-match": 2, "syntax": 1})
    assert known["a", "search-replace"].rate == 0.5 and known["a", "symbol"].rate == 1.0
    assert known["b", "search-replace"].repairs == 0 and Record().rate is None


def test_without_experience_the_files_size_decides():
    assert choose(50, {}) == "search-replace"
    assert choose(20_000, {}) == "symbol"


def test_what_worked_outweighs_what_was_expected():
    assert choose(50, {"search-replace": Record(20, 12), "symbol": Record(20, 19)}) == "symbol"
    assert choose(20_000, {"symbol": Record(20, 10), "search-replace": Record(20, 20)}) == "search-replace"
    assert choose(50, {"whole-file": Record(60, 60), "search-replace": Record(20, 15), "symbol": Record(20, 15)}) == "whole-file"


def test_one_bad_try_decides_nothing():
    assert choose(20_000, {"symbol": Record(1, 1), "search-replace": Record(1, 1)}) == "symbol"


def test_a_large_file_is_never_written_whole():
    assert choose(401, {"whole-file": Record(500, 500), "symbol": Record(50, 5), "search-replace": Record(50, 4)}) != "whole-file"
