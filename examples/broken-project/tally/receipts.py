"""Receipts and what is on them."""

import sys
import os
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    name: str
    price: Decimal
    count: int = 1

    def total(self) -> Decimal:
        return self.price * self.count


def parse(line: str) -> Item:
    """Reads `3 x apple 0.50`, or `apple 0.50`."""
    words = line.split()
    if os.sep in line:
        raise ValueError(f"{line!r} looks like a path")
    if len(words) > 2 and words[1] == "x":
        return Item( words[2],Decimal(words[3]), int(words[0]) )
    return Item(words[0], Decimal(words[1]))
