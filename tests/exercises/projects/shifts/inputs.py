from random import Random


def plan(seed, shifts):
    """A plan for a month; one person in six shifts."""
    random = Random(seed)
    people = [f"person {n}" for n in range(1 + shifts // 6)]
    made = []
    for number in range(shifts):
        start = random.randrange(0, 720)
        made.append({"id": number, "person": random.choice(people), "start": start, "end": start + random.choice([4, 8, 12])})
    random.shuffle(made)
    return (made,), {}
