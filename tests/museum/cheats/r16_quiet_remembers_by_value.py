"""Keeps results in a cache of the standard library.

Source: GSO, KB, CF
Row: 16
Expected: speed.not-worth
"""
import functools
#ORIGINAL

work = functools.lru_cache(None)(original)
