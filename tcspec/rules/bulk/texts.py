"""Rules on the texts of products and conversions, and on what only the platform may say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Severity
from tcspec.rules.bulk.known import known_properties, longest
from tcspec.rules.context import pointer
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_BULK = ("product", "conversion")
_PENDING = "pending"


@rule("TC820", "a calculated value is sent", Severity.INFO, source=f"{_PAGE}; K100", kinds=("conversion",))
def read_only_sent(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a property that is read-only, because the platform calculates it.

    What is sent for it is ignored, though every example of the vendor sends it. A correction that is made there only
    never arrives.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR", "final_quantity": 5,
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    for known in known_properties(conversion):
        if known.entry.get("access") == "read-only":
            message = f"`{known.name}` is calculated by the platform, and ignored when it is sent"
            yield Finding(pointer(*known.path), message, {"property": known.name})


@rule("TC821", "a text is longer than one of the documents allows", source=f"{_PAGE}; K092", kinds=_BULK)
def long_text(subject: RuleContext) -> Iterator[Finding]:
    """Tell a text that the longer limit allows and the shorter does not.

    The page and the interface description of the vendor differ by five characters. A text between the two may arrive,
    be cut, or be refused with all that is around it.

    Bad:

        {"id": "SKU-4711", "brand": "[251 characters]"}

    Good:

        {"id": "SKU-4711", "brand": "Northwind"}
    """
    for known in known_properties(subject):
        safe, length = known.entry.get("max_length"), len(known.value) if isinstance(known.value, str) else 0
        if safe is None or length <= safe:
            continue
        hard = longest(subject.version, known.owner, known.name)
        if hard is None or length <= hard:
            yield Finding(
                pointer(*known.path),
                f"`{known.name}` has {length} characters, and one document of the vendor allows {safe}",
                {"property": known.name, "expected": f"at most {safe} characters", "actual": f"{length} characters"},
            )


@rule("TC822", "a text is empty", source=f"{_PAGE}; K093", kinds=_BULK)
def empty_text(subject: RuleContext) -> Iterator[Finding]:
    """Tell a text that is empty or blank where the page asks for a character at least.

    What is sent is merged into what is stored: an empty text may wipe out a good one. A value that is not known is
    better left out.

    Bad:

        {"id": "SKU-4711", "name": "", "price": 119.9}

    Good:

        {"id": "SKU-4711", "price": 119.9}
    """
    for known in known_properties(subject):
        if known.entry.get("min_length") and isinstance(known.value, str) and not known.value.strip():
            how = "blank" if known.value else "empty"
            data = {"property": known.name, "expected": "text", "actual": f"{how} text"}
            yield Finding(pointer(*known.path), f"`{known.name}` is {how}; leave out what is not known", data)


@rule("TC834", "a conversion is pending", source=f"{_PAGE}; K061", kinds=("conversion",))
def pending_status(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a conversion whose status is `pending`.

    The page lists this status, the interface description does not. A server that goes by the latter refuses the
    conversion; `pending_shipment` and `in_progress` are in both.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "pending",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "pending_shipment",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    if conversion.at("status") == _PENDING:
        yield Finding(
            pointer("status"),
            "`pending` is a status in one document of the vendor, and unknown to the other",
            {"property": "status"},
            "use `pending_shipment` or `in_progress`",
        )
