"""Text that others wrote, marked so that a model can tell it from what it was asked to do."""

import hashlib

_CUT = "\n[... {count} characters left out here ...]\n"


def sendable(text: str) -> str:
    """`text` without half characters (file names and output can hold them), which no request could carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fenced(text: str, origin: str) -> str:
    """`text` between marks that it cannot contain, since they carry its own hash."""
    text = sendable(text)
    mark = hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
    return f'<untrusted from="{origin}" mark="{mark}">\n{text}\n</untrusted mark="{mark}">'


def shortened(text: str, most: int = 12_000) -> str:
    """Head and tail of a long text, saying how much is missing between them."""
    if len(text) <= most:
        return text
    head, tail = most * 2 // 3, most // 3
    return text[:head] + _CUT.format(count=len(text) - head - tail) + text[-tail:]
