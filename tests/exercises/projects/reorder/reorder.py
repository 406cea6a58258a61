"""What to order again: the stock on hand against what was sold lately."""


def reorder(items, sales, days=14):
    """(sku, pieces to order) for every item whose stock does not last `days` days at the pace of the last 28."""
    orders = []
    for item in items:
        sold = sum(sale["pieces"] for sale in sales if sale["sku"] == item["sku"])
        returned = sum(sale["returned"] for sale in sales if sale["sku"] == item["sku"])
        needed = (sold - returned) * days / 28
        if item["stock"] < needed:
            missing = needed - item["stock"]
            packs = -int(-missing // item["pack"])
            orders.append((item["sku"], packs * item["pack"]))
    return orders
