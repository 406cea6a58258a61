from shifts import conflicts


def shift(number, person, start, end):
    return {"id": number, "person": person, "start": start, "end": end}


def test_overlapping_shifts_of_one_person():
    plan = [shift(1, "ann", 8, 16), shift(2, "ann", 15, 20), shift(3, "bo", 8, 16)]

    assert conflicts(plan) == [(1, 2)]


def test_one_after_the_other_is_fine():
    assert conflicts([shift(1, "ann", 8, 16), shift(2, "ann", 16, 20)]) == []


def test_three_at_once_are_three_pairs():
    assert conflicts([shift(n, "ann", 8, 9) for n in (3, 1, 2)]) == [(1, 2), (1, 3), (2, 3)]
