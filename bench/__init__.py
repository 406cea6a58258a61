"""Figures, measured where they are printed: each with its sample count, interval, clock and machine."""
