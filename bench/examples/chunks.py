from collections.abc import Iterator, Sequence


def chunks(items: Sequence[int], size: int) -> Iterator[list[int]]:
    if size < 1:
        raise ValueError("size must be at least 1")
    chunk: list[int] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
