"""What a command writes, kept up to a bound; everything beyond it is read and counted, so that the writer never waits for us."""


class Output:
    """One stream."""

    def __init__(self, most: int) -> None:
        self.seen = 0
        self._most = most
        self._kept = bytearray()

    def take(self, chunk: bytes) -> None:
        """The next bytes of the stream."""
        self.seen += len(chunk)
        self._kept += chunk[: max(0, self._most - len(self._kept))]

    @property
    def kept(self) -> bytes:
        """The first bytes of the stream."""
        return bytes(self._kept)

    @property
    def truncated(self) -> bool:
        """Whether more came than was kept."""
        return self.seen > len(self._kept)
