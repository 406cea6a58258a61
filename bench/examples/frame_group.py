import pandas as pd


def totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum and count of `b` by `c`, groups in order of appearance, a missing key a group of its own."""
    grouped = frame.groupby("c", sort=False, dropna=False)["b"]
    return grouped.agg(total="sum", count="count").reset_index()
