import enum
from dataclasses import dataclass


class Side(enum.Enum):
    BUY = "buy"
    SELL = "sell"


@dataclass
class Order:
    side: Side
    price: float
    amount: int
    tag: str = ""


def best(orders: list[Order], side: Side) -> Order | None:
    """The best open order of a side: highest bid or lowest offer, the earlier of equals."""
    found: Order | None = None
    for order in orders:
        if order.side is not side or order.amount <= 0:
            continue
        better = found is None or (order.price > found.price if side is Side.BUY else order.price < found.price)
        if better:
            found = order
    return found
