from decimal import Decimal

from tally.receipts import Item
from tally.report import headline, summary

ITEMS = [Item("apple", Decimal("0.50"), 3), Item("tea", Decimal("4.20"))]


def test_the_dearest_comes_first():
    assert summary(ITEMS).startswith('[{"name": "tea"')


def test_the_headline_adds_up():
    assert headline(ITEMS) == "2 items, 5.70 in all"


def test_nothing_bought():
    assert headline([]) == "nothing bought"
