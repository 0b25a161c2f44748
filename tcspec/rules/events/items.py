"""Rules on the items of an event and their products."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.json_types import is_number
from tcspec.rules.context import ABSENT, find_duplicate_ids
from tcspec.rules.events.amounts import has_items
from tcspec.rules.fixes.offers import move, remove
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule
from tcspec.vendor_names import ITEM_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_TABLES = "developers/tracking/events-reference/README.md"
_FOREIGN_NAMES = frozenset(ITEM_NAMES)
_ENRICHED = "features/enrichments/events-enrichment.md"


def has_foreign_names(event: RuleContext) -> bool:
    """Return whether an event may have the names of another vendor: in items without a product all of these count."""
    if not event.lines:
        return False
    is_mentioned = event.text is None or b'"item_' in event.text
    return is_mentioned or len(event.products) < len(event.lines)


def has_null(event: RuleContext) -> bool:
    """Return whether an event has items, and may have a null in them."""
    return bool(event.lines) and (event.text is None or b"null" in event.text)


@rule("TC420", "event without items", basis=Basis.INFERRED, source=f"{_TABLES}; K041", events=has_items)
def no_items(event: RuleContext) -> Iterator[Finding]:
    """An event about items has no items.

    An empty list means that nothing was bought or viewed, and partners drop such events. For a refund it is an info: no
    items are right for a whole order, but not for a part of one.

    Bad:

        {"event_name": "view_item_list", "item_list_name": "Recently viewed", "items": []}

    Good:

        {"event_name": "view_item_list", "item_list_name": "Recently viewed", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    spec = event.items_spec
    if not spec.get("object"):
        return
    if event.at("items") == []:
        severity = None if spec.get("missing") == "error" else Severity.INFO
        yield Finding(("items",), "`items` is empty", hint="list the items", severity=severity)
    elif spec["missing"] == "info" and "items" not in event.value:
        message = "missing `items`, which is only right for the whole order"
        hint = "list the items unless the event is about the whole order"
        yield Finding((), message, {"property": "items"}, hint, severity=Severity.INFO)


@rule("TC421", "product without a name or price", source=f"{_TABLES}#L2674; {_ENRICHED}; K044, K050", events=has_items)
def bare_product(event: RuleContext) -> Iterator[Finding]:
    """A product has no name or no price.

    The tables require both. They can be left out if an imported product catalogue adds them, which tcspec cannot know;
    otherwise partners show a line without a name and without a price.

    Bad:

        {"event_name": "view_item_list", "items": [{"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    expected = _expected_of_product()
    for path, product in event.products:
        # Null stands for absent (K120).
        missing = [name for name in expected if product.get(name) is None]
        # A price in the item has a rule of its own.
        if missing and event.at(*path[:-1]).get("price") is not None:
            missing = [name for name in missing if name != "price"]
        if missing:
            message = f"missing {' and '.join(f'`{name}`' for name in missing)}"
            hint = f"add {'it' if len(missing) == 1 else 'them'}, unless an imported catalogue does"
            yield Finding(path, message, {"properties": missing}, hint)


@rule(
    "TC422",
    "price in the item instead of its product",
    Severity.INFO,
    source=f"{_TABLES}#L2674; K044",
    fix=UNSAFE,
    events=has_items,
)
def price_of_item(event: RuleContext) -> Iterator[Finding]:
    """A price is in the item instead of its product.

    Many examples of the vendor have it there, but the tables have it in the product, where it is read. A price in both
    is an info, a price in the item only is a warning.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "price": 119.9, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    for line, item in event.lines:
        product = item.get("product")
        if not is_number(item.get("price")) or not isinstance(product, dict):
            continue
        source, target = (*line, "price"), (*line, "product", "price")
        if product.get("price") is not None:
            yield Finding(source, "the item and its product both have a price")
        else:
            fix = Fix("move the price to the product", (move(source, target),))
            message = "the price is in the item, but belongs in its product"
            data = {"expected": event.pointer_to(target)}
            free = fix if "price" not in product else None
            yield Finding(source, message, data, "move it to the product", free, Severity.WARNING)


@rule(
    "TC423",
    "item property name of another vendor",
    source=f"{_TABLES}#L2674; K047",
    fix=SAFE,
    events=has_items,
    needs=has_foreign_names,
)
def foreign_item_name(event: RuleContext) -> Iterator[Finding]:
    """A property of an item has the name that another vendor gives it, such as `item_id` or `item_category2`.

    Nothing reads it under that name. One table of the vendor has the names of another vendor for subcategories; all
    examples and the product API have `category_2` to `category_5`, and only those reach the reports. Names without
    `item_` are only reported in an item without a product.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "item_category2": "Women"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "category_2": "Women"}}
        ]}
    """
    for path, item in event.lines:
        product = item.get("product")
        in_product = product if isinstance(product, dict) else {}
        if _FOREIGN_NAMES.isdisjoint(item) and _FOREIGN_NAMES.isdisjoint(in_product):
            continue
        # Item and product may have the same foreign name: only the first one moves there.
        taken = {*((name,) for name in item), *(("product", name) for name in in_product)}
        for parent, value in (((*path, "product"), in_product), (path, item)):
            for name in value:
                if name not in ITEM_NAMES or ("product" in item and not name.startswith("item_")):
                    continue
                target = tuple(ITEM_NAMES[name].split("."))
                is_free = target not in taken and (len(target) == 1 or isinstance(product, dict))
                yield _rename_foreign(event, (*parent, name), (*path, *target), is_free=is_free)
                taken.add(target)


@rule("TC424", "several items in select_item", source=f"{_TABLES}#L1873; K058", events=has_items)
def several_selected(event: RuleContext) -> Iterator[Finding]:
    """A `select_item` has more than one item.

    A person selects one item of a list. If the event contains the whole list, every item counts as selected.

    Bad:

        {"event_name": "select_item", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}},
            {"id": "L2", "quantity": 1, "product": {"id": "SKU-4712"}}
        ]}

    Good:

        {"event_name": "select_item", "items": [{"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}]}
    """
    expected = event.items_spec.get("length")
    items = event.at("items")
    if expected is not None and isinstance(items, list) and len(items) > expected:
        message = f"expected {expected} item, got {len(items)}"
        data = {"expected": expected, "actual": len(items)}
        yield Finding(("items",), message, data, "send one event per item, or only the selected item")


@rule("TC425", "duplicate item id", basis=Basis.INFERRED, source=f"{_TABLES}#L2668; K101", events=has_items)
def duplicate_item(event: RuleContext) -> Iterator[Finding]:
    """An item has the same id as an earlier item of the event.

    The id identifies the line that is later updated, returned or cancelled; with two of the same id it may be the
    wrong one. Several pieces of a product are one line with a quantity; its variants are separate lines.

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
    for path, item in find_duplicate_ids(event.lines):
        first, hint = event.pointer_to(item), "add up the quantities, or give each line its own id"
        yield Finding(path, f"the item at {first} has the same id", {"first": first}, hint)


@rule(
    "TC427",
    "null instead of a number of an item",
    basis=Basis.OBSERVED,
    source=f"{_TABLES}; K120",
    fix=UNSAFE,
    events=has_items,
    needs=has_null,
)
def null_number(event: RuleContext) -> Iterator[Finding]:
    """An optional number of an item or a product is null.

    The vendor's template for another tag manager sends null for each number that is not mapped, so the event is
    accepted and null counts as absent. But the tables have numbers only, and partners may read null as 0 or refuse the
    item: leave the property out, or map the number.

    Bad:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "discount": null, "product": {"id": "SKU-4711"}}
        ]}

    Good:

        {"event_name": "view_item_list", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711"}}
        ]}
    """
    places = (*(("Item", *line) for line in event.lines), *(("Product", *each) for each in event.products))
    for kind, path, value in places:
        for name in _names_with_null(kind):
            if value.get(name, ABSENT) is None:
                data = {"property": name, "expected": "a number", "actual": "null"}
                fix = Fix(f"remove `{name}`", (remove((*path, name)),))
                hint = "leave it out, or send the number"
                yield Finding((*path, name), f"`{name}` is null, which counts as absent", data, hint, fix)


@cache
def _names_with_null(kind: str) -> tuple[str, ...]:
    """Return the names of the optional numbers of an item or a product for which null is sent (K120)."""
    specs = load_catalogue()["objects"][kind]["properties"]
    return tuple(name for name, spec in specs.items() if "K120" in spec.get("rows", ()))


@cache
def _expected_of_product() -> tuple[str, ...]:
    """Return the names that the tables require of a product."""
    specs = load_catalogue()["objects"]["Product"]["properties"]
    return tuple(name for name, spec in specs.items() if spec["missing"] == "warning")


def _rename_foreign(event: RuleContext, source: Path, target: Path, *, is_free: bool) -> Finding:
    """Return the finding of a foreign name; inside the product only the name changes, which is safe."""
    name = str(target[-1])
    is_inside = source[:-1] == target[:-1]
    if target[-2] != "product":
        hint = f"rename it to `{name}`"
    else:
        hint = f"rename it to `{name}`, in the product" if is_inside else f"move it to `product.{name}`"
    fix = Fix(f"rename to `{name}`", (move(source, target),), is_safe=is_inside and target[-2] == "product")
    message = f"`{source[-1]}` is a name of another vendor"
    return Finding(source, message, {"expected": event.pointer_to(target)}, hint, fix if is_free else None)
