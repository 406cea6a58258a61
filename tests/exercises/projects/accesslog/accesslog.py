"""A digest of a web server's access log, mailed every morning."""

import re


def digest(lines: list[str], slow_ms: int = 500) -> str:
    """One line per slow request, in order, and a line of totals."""
    text = ""
    hosts: list[str] = []
    total = 0
    slow = 0
    for line in lines:
        pattern = re.compile(r'^(\S+) \S+ \S+ \[([^]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) \d+ (\d+)$')
        match = pattern.match(line)
        if match is None:
            continue
        host, when, method, path, status, ms = match.groups()
        total += 1
        if host not in hosts:
            hosts.append(host)
        if int(ms) >= slow_ms:
            slow += 1
            text += f"{when} {method} {path} -> {status} after {ms} ms\n"
    text += f"{slow} of {total} requests from {len(hosts)} hosts were slow\n"
    return text
