def parse(text: str) -> tuple[int, int, int, str]:
    """Major, minor, patch and suffix of `1.2.3-rc1`; missing numbers are 0."""
    cleaned = text.strip().removeprefix("v")
    numbers, _, suffix = cleaned.partition("-")
    parts = numbers.split(".")
    if len(parts) > 3:
        raise ValueError(f"{text!r} has too many parts")
    found = [0, 0, 0]
    for at, part in enumerate(parts):
        if not part.isdigit():
            raise ValueError(f"{part!r} is no number")
        found[at] = int(part)
    return found[0], found[1], found[2], suffix.lower()
