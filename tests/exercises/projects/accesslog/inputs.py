from random import Random


def log(seed, lines):
    """A log of many hosts, every tenth request slow, some lines broken."""
    random = Random(seed)
    hosts = [".".join(str(random.randrange(256)) for _ in range(4)) for _ in range(1 + lines // 3)]
    made = []
    for number in range(lines):
        ms = random.randint(500, 4000) if random.random() < 0.1 else random.randint(1, 499)
        when = f"01/Mar/2026:{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} +0000"
        line = f'{random.choice(hosts)} - - [{when}] "GET /item/{random.randrange(999)} HTTP/1.1" 200 {ms * 7} {ms}'
        made.append(line if random.random() < 0.98 else line[: len(line) // 2])
    return (made,), {}
