"""Rounds the result to what the tests look at.

Source: CF
Row: 27
Project: floats
Expected: equivalence.value, equivalence.exception
"""
#ORIGINAL


def work(values):
    return round(original(values), 6)
