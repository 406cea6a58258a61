"""What a person sees in a browser, and what a hostile text cannot do there."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from pilot.gitlab.markdown import render
from pilot.gitlab.sanitizer import DEAF, TAGS, clean
from tests.standin.conftest import House

REPORT = """Faster by **2.31×**. Related to #1, ask @dev.

| rows | speed-up |
|---:|---|
| 1000 | 2.30 |

<details><summary>Trace</summary>

- [x] measured

</details>

<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))
"""


def show(house: House, path: str) -> requests.Response:
    return requests.get(house.project.url + path, timeout=5)


@pytest.mark.slow
def test_a_merge_request_shows_its_description_threads_and_changes(house: House) -> None:
    mr = house.open_merge_request()
    mr.mr.description = REPORT
    thread = mr.start_thread(house.dev, "Why `sorted`?", mr.position("src/frames/sort.py", new_line=5))
    thread.resolve(house.bot)

    overview, diff, commits = (show(house, f"/-/merge_requests/{mr.iid}{tab}").text for tab in ("", "/diffs", "/commits"))

    assert '<td align="right">1000</td>' in overview
    assert "<details><summary>Trace</summary>" in overview
    assert "resolved by Hasten" in overview
    assert "<code>src/frames/sort.py:5</code>" in overview
    assert 'class="removed"' in diff
    assert "Sort in one go" in commits


def test_a_hostile_text_runs_nothing(house: House) -> None:
    issue = house.project.create_issue(house.stranger, "<script>alert(0)</script>", REPORT)

    page = show(house, f"/-/issues/{issue.iid}")

    assert "<script" not in page.text
    assert "onerror" not in page.text
    assert 'href="javascript' not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "<h1>Frames</h1>"),
        ("/-/issues", "Slow"),
        ("/-/tree/main/src", "frames"),
        ("/-/blob/main/src/frames/sort.py", "def sort(rows):"),
        ("/-/commits/main", "Initial commit"),
    ],
)
def test_every_page_can_be_read(house: House, path: str, text: str) -> None:
    house.project.create_issue(house.dev, "Slow")

    page = show(house, path)

    assert page.status_code == 200
    assert text in page.text


def test_a_raw_file_is_only_text(house: House) -> None:
    house.project.commit(house.maintainer, "main", {"evil.html": "<script>alert(1)</script>"})

    page = show(house, "/-/raw/main/evil.html")

    assert page.text == "<script>alert(1)</script>"
    assert page.headers["content-type"].startswith("text/plain")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_a_person_comments_in_the_browser(house: House) -> None:
    issue = house.project.create_issue(house.dev, "Slow")

    said = requests.post(f"{issue.url}/notes", data={"author": "dev", "body": "/optimize a.py::f"}, timeout=5)
    note = issue.notes()[0]
    requests.post(f"{issue.url}/notes", data={"author": "guest", "body": "me too", "thread": note.discussion_id}, timeout=5)

    assert said.status_code == 200
    assert "/optimize a.py::f" in said.text
    assert issue.thread_of(note).bodies == ["/optimize a.py::f", "me too"]


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example:80"}])
def test_another_site_cannot_comment_through_the_browser(house: House, headers: dict[str, str]) -> None:
    issue = house.project.create_issue(house.dev, "Slow")

    answer = requests.post(f"{issue.url}/notes", data={"author": "dev", "body": "/optimize"}, headers=headers, timeout=5)

    assert answer.status_code == 403
    assert issue.notes() == []


def test_what_is_not_there_gets_a_page_too(house: House) -> None:
    page = show(house, "/-/issues/99")

    assert page.status_code == 404
    assert "404 Not Found" in page.text


def test_references_become_links_outside_code() -> None:
    html = render("See #3 and `#4`, [a #5](http://x/), !6", "http://h/p")

    assert '<a href="http://h/p/-/issues/3">#3</a>' in html
    assert "<code>#4</code>" in html
    assert html.count("/-/issues/") == 1
    assert '<a href="http://h/p/-/merge_requests/6">!6</a>' in html


def test_an_attachment_is_looked_for_in_its_project() -> None:
    assert '<img src="http://h/p/uploads/abc/x.png" alt="chart">' in render("![chart](/uploads/abc/x.png)", "http://h/p")


class Balance(HTMLParser):
    """Counts open tags and collects what an attacker would want."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bad += [tag] if tag not in TAGS else []
        self.bad += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "").lower()]
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


PIECES = st.sampled_from([*sorted(TAGS), *sorted(DEAF), "svg", "form", "math"])
HTML = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.builds(lambda tag: f"<{tag}>", PIECES),
        st.builds(lambda tag: f"</{tag}>", PIECES),
        st.sampled_from(
            [
                '<a href="javascript:x">',
                '<a href=" java\tscript:x">',
                "<img src=x onerror=x>",
                "<p onclick=x",
                "<!--",
                "<![CDATA[",
            ]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(HTML)
def test_cleaned_html_is_balanced_and_harmless(html: str) -> None:
    cleaned = clean(html)

    checked = Balance()
    checked.feed(cleaned)
    checked.close()
    assert (checked.open, checked.bad) == ([], [])
    assert clean(cleaned) == cleaned
