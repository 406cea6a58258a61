"""One specification for every picture of a scorecard: what was measured, where a reader looks for it, and nothing that loads."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.report import chart, examples
from evaluation.scorecard import Cell, Interval

CELLS = examples.FIRST.scorecard.cells
HOSTILE = 'a](http://evil.example) <img src=x> {"signal": "1"} datum[\'x\'] \n![b](http://evil.example)'


def cell(size, before=0.01, after=0.005, gain=None):
    return Cell(size, before, after, gain or Interval(before / after, 0.95 * before / after, 1.05 * before / after))


def layers(spec, panel):
    return spec["hconcat"][panel]["layer"]


def test_every_size_is_drawn_before_and_after_and_with_its_interval():
    times, gains = (panel["data"]["values"] for panel in chart.spec(CELLS)["hconcat"])

    assert len(times) == 2 * len(CELLS) and len(gains) == len(CELLS)
    assert {(each["size"], each["series"], each["gain"], each["low"], each["high"]) for each in gains} == {
        (each.size["rows"], f"features {each.size['features']}", each.speedup.ratio, each.speedup.low, each.speedup.high)
        for each in CELLS
    }
    assert {each["time"] for each in times if each["side"] == "before"} == {each.baseline_s * 1e3 for each in CELLS}


def test_the_size_that_varies_most_runs_along_the_axis_and_decades_are_logarithmic():
    wide = chart.spec([cell({"width": n, "rows": rows}) for n in (1, 2, 3) for rows in (10, 1000)])
    narrow = chart.spec([cell({"rows": rows}) for rows in (100, 400)])

    assert layers(wide, 0)[0]["encoding"]["x"]["title"] == "rows"
    assert layers(wide, 0)[0]["encoding"]["x"]["scale"]["type"] == "log"
    assert layers(narrow, 0)[0]["encoding"]["x"]["scale"]["type"] == "linear"


def test_where_a_picture_says_nothing_there_is_none():
    assert chart.spec([]) is None
    assert chart.spec([cell({})]) is None
    assert chart.spec([cell({"rows": 10})]) is None
    assert chart.spec([cell({"rows": 10, "features": 1}), cell({"rows": 10, "features": 1})]) is None


def test_of_many_series_only_some_are_drawn_and_the_picture_says_so():
    spec = chart.spec([cell({"rows": rows, "features": n}) for rows in (10, 1000) for n in range(1, 13)])

    shown = {each["series"] for each in spec["hconcat"][1]["data"]["values"]}
    assert {"features 1", "features 12"} < shown and len(shown) == chart.MOST_SERIES
    assert "5 of 12" in json.dumps(spec)


def test_the_words_for_who_cannot_see_it_say_the_result_and_do_nothing():
    assert chart.alt("f", [cell({"rows": 10}), cell({"rows": 20}, after=0.02)]) == (
        "Time per call of f: at rows 10 from 10.0 ms to 5.00 ms; at rows 20 from 10.0 ms to 20.0 ms. "
        "Speed-up 0.50× to 2.00×, slower at 1 of 2 sizes."
    )
    html = MarkdownIt("commonmark").render(f"![{chart.alt(HOSTILE, [cell({HOSTILE: 10})])}](/uploads/0a/chart.png)")
    assert html.count("<img") == 1 and 'src="/uploads/0a/chart.png"' in html and "href" not in html


sizes = st.dictionaries(st.text(max_size=8), st.integers(0, 10**9), max_size=3)
seconds = st.floats(1e-9, 1e4)
gains = st.floats(0.0, allow_nan=False)


@settings(max_examples=15)
@given(
    st.lists(
        st.builds(lambda *each: cell(*each[:3], Interval(*each[3:])), sizes, seconds, seconds, gains, gains, gains), max_size=9
    )
)
def test_whatever_was_measured_the_picture_is_plain_data_or_none(cells):
    spec = chart.spec(cells)

    assert spec is None or json.dumps(spec, allow_nan=False)
