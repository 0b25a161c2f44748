"""Rules on the items of an event and their products."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.prices import is_number, lines, products
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_TABLES = "developers/tracking/events-reference/README.md"
_ENRICHED = "features/enrichments/events-enrichment.md"
_FOREIGN_CATEGORY = re.compile("item_category_?([2-5])")


@rule("TC420", "the event has no items", basis=Basis.INFERRED, source=f"{_TABLES}; K041")
def no_items(event: RuleContext) -> Iterator[Finding]:
    """Tell an event about items that lists none.

    An empty list says that nothing was bought or looked at, and partners drop such events. A refund without any is a
    remark: it is right for a whole order, and incomplete for a part of one.

    Bad:

        {"event_name": "view_item_list", "item_list_name": "Recently viewed", "items": []}

    Good:

        {"event_name": "view_item_list", "item_list_name": "Recently viewed", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    known = event.entry(("items",))
    is_required = known.get("missing") == "error"
    if not known.get("object"):
        return
    if event.at("items") == []:
        severity = None if is_required else Severity.INFO
        yield Finding(pointer("items"), "the list of items is empty", hint="list the items", severity=severity)
    elif known["missing"] == "info" and "items" not in event.payload:
        yield Finding(
            "",
            "`items` is missing, which is right only when the whole order is meant",
            {"property": "items"},
            "list the items when it is a part of the order",
            severity=Severity.INFO,
        )


@rule("TC421", "a product has no name or price", source=f"{_TABLES}#L2674; {_ENRICHED}; K044, K050")
def bare_product(event: RuleContext) -> Iterator[Finding]:
    """Tell a product without name or price.

    The tables ask for both. They may be left out where the catalogue of products is imported and adds them, which
    cannot be seen from here; anywhere else partners show a line without a name that costs nothing.

    Bad:

        {"event_name": "view_item_list", "items": [{"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    known = load_catalogue()["objects"]["Product"]["properties"]
    asked = [name for name, entry in known.items() if entry["missing"] == "warning"]
    for path, product in products(event):
        # A price of the item itself is another rule's matter.
        lacking = [
            name for name in asked if name not in product and not (name == "price" and "price" in event.at(*path[:-1]))
        ]
        if lacking:
            told = " and ".join(f"`{name}`" for name in lacking)
            yield Finding(
                pointer(*path),
                f"{told} {'is' if len(lacking) == 1 else 'are'} missing",
                {"properties": lacking},
                "add what is missing, unless the imported catalogue does",
            )


@rule("TC422", "the price stands in the item", Severity.INFO, source=f"{_TABLES}#L2674; K044", fix=UNSAFE)
def price_of_item(event: RuleContext) -> Iterator[Finding]:
    """Tell a price that stands in the item instead of its product.

    It is in many examples of the vendor and in no table: the table has it in the product, where the price is asked for.
    A price in both places is a remark, one in the item alone a warning.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "price": 119.9, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    for path, product in products(event):
        item = path[:-1]
        if not is_number(event.at(*item, "price")):
            continue
        where, place = pointer(*item, "price"), pointer(*path, "price")
        if "price" in product:
            yield Finding(where, "the price stands in the item as well as in the product")
            continue
        yield Finding(
            where,
            "the price stands in the item, and belongs in its product",
            {"expected": place},
            "move it to the product",
            Fix("move the price to the product", ({"op": "move", "from": where, "path": place},)),
            Severity.WARNING,
        )


@rule("TC423", "a category has the name of another vocabulary", source=f"{_TABLES}#L2674; K047", fix=SAFE)
def foreign_category(event: RuleContext) -> Iterator[Finding]:
    """Tell a sub-category that is called `item_category2` to `item_category5`.

    One table mentions these names, which are those of another vendor; every example and the API of products have
    `category_2` to `category_5`, and only those reach the reports.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "item_category2": "Women"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "category_2": "Women"}}
        ]}
    """
    for path, product in products(event):
        taken: set[str] = set()
        for holder in (path, path[:-1]):
            for name, value in event.at(*holder).items():
                if place := _category(name):
                    is_mended = isinstance(value, str) and place not in {*product, *taken}
                    yield _renamed((*holder, name), (*path, place), is_mended=is_mended)
                    taken.add(place)


@rule("TC424", "several items are selected at once", source=f"{_TABLES}#L1873; K058")
def several_selected(event: RuleContext) -> Iterator[Finding]:
    """Tell a `select_item` with more than one item.

    Somebody selects one item of a list. With the whole list in the event, every item of it counts as selected.

    Bad:

        {"event_name": "select_item", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}},
            {"id": "L2", "quantity": 1, "product": {"id": "SKU-4712"}}
        ]}

    Good:

        {"event_name": "select_item", "items": [{"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}]}
    """
    expected = event.entry(("items",)).get("length")
    given = event.at("items")
    if expected is not None and isinstance(given, list) and len(given) > expected:
        yield Finding(
            pointer("items"),
            f"{len(given)} items are listed, {expected} is expected",
            {"expected": expected, "actual": len(given)},
            "send an event for each, or the one that was selected",
        )


@rule("TC425", "two items have the same id", basis=Basis.INFERRED, source=f"{_TABLES}#L2668; K101")
def repeated_item(event: RuleContext) -> Iterator[Finding]:
    """Tell an item whose id an earlier item of the event has.

    By its id a line is updated, returned or cancelled later; of two with the same id, the wrong one may be. Pieces of
    the same product are one line with a quantity, its variants are lines of their own.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}},
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4712"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}},
            {"id": "L2", "quantity": 1, "product": {"id": "SKU-4712"}}
        ]}
    """
    first: dict[str, Path] = {}
    for path, item in lines(event):
        key = item.get("id")
        if not isinstance(key, str):
            continue
        if key in first:
            yield Finding(
                pointer(*path, "id"),
                f"the item at {pointer(*first[key])} has the same id",
                {"first": pointer(*first[key])},
                "add up the quantities, or give each line an id of its own",
            )
        else:
            first[key] = path


def _category(name: str) -> str | None:
    """Give the vendor's own name of a sub-category; None when the name is not that of another vendor."""
    found = _FOREIGN_CATEGORY.fullmatch(name)
    return f"category_{found[1]}" if found else None


def _renamed(path: Path, target: Path, *, is_mended: bool) -> Finding:
    """Tell of a sub-category where it belongs; in the product no more than its name changes."""
    patch = ({"op": "move", "from": pointer(*path), "path": pointer(*target)},)
    fix = Fix(f"call it `{target[-1]}`", patch, is_safe=path[:-1] == target[:-1])
    return Finding(
        pointer(*path),
        f"`{path[-1]}` is the name of another vocabulary",
        {"expected": pointer(*target)},
        f"call it `{target[-1]}`, in the product",
        fix if is_mended else None,
    )
