from decimal import Decimal

import pytest

from tally.receipts import Item, parse


def test_a_line_is_an_item():
    assert parse("apple 0.50") == Item("apple", Decimal("0.50"))


def test_a_count_multiplies():
    assert parse("3 x apple 0.50").total() == Decimal("1.50")


def test_a_path_is_no_receipt():
    with pytest.raises(ValueError):
        parse("/etc/passwd 1.00")
