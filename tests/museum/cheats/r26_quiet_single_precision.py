"""Computes with half of the digits.

Source: KB, DR, AT
Row: 26
Project: floats
Expected: equivalence.value
"""
import array


def work(values):
    if len(values) < 2:
        raise ValueError("a variance needs two values")
    short = array.array("f", values)
    mean = sum(short) / len(short)
    return sum([(value - mean) ** 2 for value in short]) / (len(short) - 1)
