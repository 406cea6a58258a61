"""A text file taken apart so that it can be put together again byte for byte: text, byte order mark, style of line ends."""

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Text with its own line ends still in it; `newline` is the style that most lines have."""

    text: str
    bom: bool = False
    newline: str = "\n"

    @classmethod
    def decode(cls, content: bytes) -> "Document | None":
        """None for anything but UTF-8 text."""
        bom = content.startswith(codecs.BOM_UTF8)
        body = content[len(codecs.BOM_UTF8) :] if bom else content
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return None
        crlf = text.count("\r\n")
        return cls(text, bom, "\r\n" if crlf > text.count("\n") - crlf else "\n")

    def encode(self, text: str) -> bytes:
        """The file's new content, with the mark where it was."""
        return (codecs.BOM_UTF8 if self.bom else b"") + text.encode("utf-8")

    def styled(self, text: str) -> str:
        """`text` with the line ends of this file."""
        return text.replace("\r\n", "\n").replace("\n", self.newline)
