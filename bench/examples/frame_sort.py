import pandas as pd


def sort_frame(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows sorted by columns, ascending, ties in their old order, missing values last, with a fresh index."""
    return frame.sort_values(by, kind="stable", na_position="last").reset_index(drop=True)
