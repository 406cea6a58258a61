import pandas as pd


def enriched(orders: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Every order with its price; of a name priced twice the last price holds; unknown names get none."""
    latest = prices.drop_duplicates("name", keep="last")
    joined = orders.merge(latest, on="name", how="left")
    joined["cost"] = joined["amount"] * joined["price"]
    return joined
