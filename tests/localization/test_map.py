"""What names lead to: through imports, packages that pass names on, classes and what they hold."""

import pytest

from bot.localization.map import Map, Place
from bot.localization.source import MOST_BYTES
from tests.localization.projects import plant

SHOP = {
    "src/shop/__init__.py": "from .orders import total as grand_total\nfrom .prices import *\n",
    "src/shop/orders.py": """
import shop.prices
from shop import prices as cost
from .prices import Price, RATES
from ._impl.tax import tax as with_tax

class Book(Base):
    price: "Price"
    def sum(self):
        return self.price.net() + self.helper()

class Order(Book):
    def __init__(self):
        self.book = Book()
    def all(self, price: Price, extra):
        return self.sum(), self.book.sum(), price.net(), extra.sum(), len(RATES)

def total(items: list[Price]):
    order = Order()
    return with_tax(cost.net(items)) + shop.prices.net(items) + order.all(1, 2)
""",
    "src/shop/prices.py": """
RATES = {}

def net(items):
    return sum(items)

class Price:
    def net(self):
        return 1
""",
    "src/shop/_impl/__init__.py": "",
    "src/shop/_impl/tax.py": "from ..prices import RATES\n\ndef tax(x):\n    return x * RATES['a']\n",
    "scripts/report.py": """
import layout
from shop import grand_total, net

def main():
    layout.show(grand_total([]), net([]))
""",
    "scripts/layout.py": "def show(*a):\n    return a\n",
}


@pytest.fixture
def shop(tmp_path) -> Map:
    return Map.of(plant(tmp_path, SHOP))


def names(places) -> list[str]:
    return [str(each).removeprefix("src/shop/") for each in places]


def test_names_lead_through_imports_aliases_and_packages(shop):
    reached = names(shop.leads_to(Place("src/shop/orders.py", "total")))

    assert {"_impl/tax.py::tax", "prices.py::net", "orders.py::Order", "orders.py::Order.all", "prices.py::Price"} == set(reached)


def test_methods_lead_to_inherited_ones_and_to_those_of_what_they_hold(shop):
    reached = names(shop.leads_to(Place("src/shop/orders.py", "Order.all")))

    assert reached.count("orders.py::Book.sum") == 1
    assert {"prices.py::Price.net", "prices.py::RATES"} <= set(reached)


def test_a_package_passes_names_on_also_with_a_star(shop):
    reached = names(shop.leads_to(Place("scripts/report.py", "main")))

    assert reached == ["scripts/layout.py::show", "orders.py::total", "prices.py::net"]


def test_users_are_found_under_whatever_name_they_use(shop):
    assert names(shop.users(Place("src/shop/_impl/tax.py", "tax"))) == ["orders.py::total"]
    assert names(shop.users(Place("src/shop/prices.py", "net"))) == ["scripts/report.py::main", "orders.py::total"]


def test_an_argument_is_not_a_function_of_the_same_name(tmp_path):
    project = Map.of(plant(tmp_path, {"a.py": "def load():\n    pass\n\ndef run(load):\n    return load()\n"}))

    assert project.leads_to(Place("a.py", "run")) == []


def test_circles_of_imports_and_bases_end(tmp_path):
    files = {
        "a.py": "from b import x\nfrom b import *\nclass A(B): pass\nclass B(A): pass\ndef f():\n    return x(), A.go(), y\n",
        "b.py": "from a import x\nfrom a import *\n",
    }
    project = Map.of(plant(tmp_path, files))

    assert names(project.leads_to(Place("a.py", "f"))) == ["a.py::A"]


def test_hostile_files_are_no_part_of_the_map(tmp_path):
    files = {
        "good.py": "from broken import g\nfrom huge import h\nfrom outside import o\n\ndef f():\n    return g(), h(), o()\n",
        "broken.py": "def g(:\n",
        "deep.py": "x = " + "(" * 5000,
        "latin.py": b"# caf\xe9\ndef f():\n    good.f()\n",
        "nul.py": b"\0\0f",
        ".claude/settings.py": "from good import f\n\ndef hook():\n    return f()\n",
    }
    plant(tmp_path, files)
    with (tmp_path / "huge.py").open("wb") as huge:
        huge.truncate(1 << 30)
    (tmp_path / "outside.py").symlink_to("/etc/passwd")
    (tmp_path / "root").symlink_to("/")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    project = Map.of(tmp_path)

    assert project.leads_to(Place("good.py", "f")) == [] and project.users(Place("good.py", "f")) == []
    assert not any(path.startswith(("root/", ".claude/")) for path in project.files)
    assert project.module("huge.py") is None and MOST_BYTES < 1 << 30


def test_a_file_is_read_again_only_where_its_content_changed(tmp_path):
    place = Place("a.py", "f")
    plant(tmp_path, {"a.py": "def f():\n    return g()\n\ndef g():\n    return 1\n"})
    before = Map.of(tmp_path).module("a.py")

    same = Map.of(tmp_path).module("a.py")
    plant(tmp_path, {"a.py": "def f():\n    return 2\n"})

    assert same is before
    assert Map.of(tmp_path).leads_to(place) == []
