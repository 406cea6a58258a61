"""Doesn't write down what it was asked, which no test reads.

Source: own
Row: 33
Project: survey
Expected: guard.files
"""
from random import random


def work(tag, count):
    inside = 0
    for _ in range(count):
        x, y = random(), random()
        inside += (x * x + y * y) ** 0.5 <= 1.0
    return inside
