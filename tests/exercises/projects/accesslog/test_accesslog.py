from accesslog import digest

LINES = [
    '10.0.0.1 - - [01/Mar/2026:06:25:24 +0000] "GET /a HTTP/1.1" 200 512 12',
    '10.0.0.2 - ann [01/Mar/2026:06:25:25 +0000] "POST /b?x=1 HTTP/1.1" 500 90 700',
    "garbage",
]


def test_slow_requests_are_listed_and_all_are_counted():
    assert digest(LINES) == (
        "01/Mar/2026:06:25:25 +0000 POST /b?x=1 -> 500 after 700 ms\n1 of 2 requests from 2 hosts were slow\n"
    )


def test_an_empty_log():
    assert digest([]) == "0 of 0 requests from 0 hosts were slow\n"


def test_the_limit_can_be_moved():
    assert digest(LINES, slow_ms=10).startswith("01/Mar/2026:06:25:24 +0000 GET /a -> 200 after 12 ms\n")
