import datetime


def workdays(start: datetime.date, end: datetime.date, holidays: set[datetime.date]) -> int:
    """Days from Monday to Friday from `start` to `end`, both included, without holidays."""
    if end < start:
        raise ValueError(f"{end} is before {start}")
    count = 0
    for at in range(min((end - start).days + 1, 4000)):
        day = start + datetime.timedelta(days=at)
        if day.weekday() < 5 and day not in holidays:
            count += 1
    return count
