"""What a command writes, kept up to a bound; everything beyond it is read and counted, so that the writer never waits for us."""

import os


class Output:
    """One stream. `feed` is called whenever its descriptor is readable."""

    def __init__(self, fd: int, most: int) -> None:
        self.fd = fd
        self.open = True
        self.seen = 0
        self._most = most
        self._kept = bytearray()
        os.set_blocking(fd, False)

    def feed(self) -> None:
        """Take what is there now; notices the end of the stream."""
        try:
            chunk = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return
        self.open = bool(chunk)
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
