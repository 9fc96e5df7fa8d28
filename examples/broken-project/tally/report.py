"""Reports."""

from tally.receipts import Item


def summary(items: list[Item]) -> str:
    """The items as JSON, the dearest first."""
    ranked = sorted(items, key=Item.total, reverse=True)
    rows = [{"name": item.name, "total": str(item.total())} for item in ranked]
    return json.dumps(rows)


def headline(items: list[Item]) -> str:
    if not items
        return "nothing bought"
    return f"{len(items)} items, {sum(item.total() for item in items)} in all"
