def variance(numbers: list[float]) -> float:
    if len(numbers) < 2:
        raise ValueError("at least two numbers")
    mean = sum(numbers) / len(numbers)
    return sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
