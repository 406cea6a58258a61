from reorder import reorder

ITEM = {"sku": "A", "stock": 3, "pack": 5}


def sale(pieces, returned=0, sku="A"):
    return {"sku": sku, "pieces": pieces, "returned": returned}


def test_whole_packs_are_ordered():
    assert reorder([ITEM], [sale(10), sale(10)]) == [("A", 10)]


def test_returns_come_back():
    assert reorder([ITEM], [sale(20, returned=14)]) == []


def test_other_items_do_not_count():
    assert reorder([ITEM], [sale(99, sku="B")]) == []
