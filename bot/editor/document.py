"""A text file taken apart so that it can be put together again byte for byte: text, byte order mark, style of line ends."""

import codecs
import io
import tokenize
from dataclasses import dataclass

_PLAIN = frozenset({"iso-8859-1", "iso-8859-15", "cp1252"})  # one byte, one letter


@dataclass(frozen=True, slots=True)
class Document:
    """Text with its own line ends still in it; `newline` is the style that most lines have."""

    text: str
    bom: bool = False
    newline: str = "\n"
    encoding: str = "utf-8"

    @classmethod
    def decode(cls, content: bytes) -> "Document | None":
        """None for anything but text in UTF-8, or in what a Python file declares at its top."""
        bom = content.startswith(codecs.BOM_UTF8)
        body = content[len(codecs.BOM_UTF8) :] if bom else content
        try:
            encoding = _encoding(body)
            text = body.decode(encoding)
        except (UnicodeDecodeError, SyntaxError):  # a declaration of nonsense is a SyntaxError
            return None
        crlf = text.count("\r\n")
        return cls(text, bom, "\r\n" if crlf > text.count("\n") - crlf else "\n", encoding)

    def encode(self, text: str) -> bytes:
        """The file's new content, with the mark where it was. Raises UnicodeEncodeError for what its encoding cannot hold."""
        return (codecs.BOM_UTF8 if self.bom else b"") + text.encode(self.encoding)

    def styled(self, text: str) -> str:
        """`text` with the line ends of this file."""
        return text.replace("\r\n", "\n").replace("\n", self.newline)


def _encoding(content: bytes) -> str:
    """UTF-8 where it is that; otherwise what a Python file declares (PEP 263), of the encodings that hide nothing."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        declared, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return declared if declared in _PLAIN else "utf-8"
    return "utf-8"
