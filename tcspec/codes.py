"""Every code of the contract, once. A code is never reused and never changes its meaning.

The first digit is the family: 0 document and transport, 1 envelope, 2 context and time, 3 user, 4 e-commerce,
5 video, 6 campaign, 7 legacy, 8 bulk APIs, 9 reserved. In families 1 to 6 the last two digits say how the
contract is broken: 01 something is missing, 02 the type is wrong, 03 the value is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its meaning, its gravity, and who says so."""

    id: str
    title: str
    severity: Severity = Severity.ERROR
    basis: Basis = Basis.DOCUMENTED
    source: str = ""

    def found(self, pointer: str, message: str, data: Mapping[str, Any] | None = None) -> Violation:
        """Make the violation that says this was found."""
        return Violation(self.id, self.severity, pointer, message, data or {}, self.basis, self.source)


_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_RFC = "RFC 8259"

_DOCUMENT = (
    NOT_JSON := Code("TC001", "the document is not JSON", source=_HTTP),
    NOT_UTF8 := Code("TC002", "the document is not UTF-8", source=_RFC),
    BYTE_ORDER_MARK := Code("TC003", "the document starts with a byte order mark", source=_RFC),
    DUPLICATE_KEY := Code("TC004", "a key is given twice in one object", basis=Basis.INFERRED, source=_RFC),
    LONE_SURROGATE := Code("TC005", "a text holds half of a surrogate pair", basis=Basis.INFERRED, source=_RFC),
    TOO_DEEP := Code("TC006", "the document is nested too deep", basis=Basis.INFERRED, source=_RFC),
    TOO_LONG := Code("TC007", "the document is longer than what is read", basis=Basis.INFERRED, source=_RFC),
    EMPTY := Code("TC008", "the document is empty", source=_HTTP),
    NOT_AN_OBJECT := Code("TC009", "the payload is not a JSON object", source=_HTTP),
    NOT_JSON_VALUE := Code("TC010", "a Python value has no JSON form", basis=Basis.INFERRED, source=_RFC),
    NOT_A_NUMBER := Code("TC011", "NaN and infinities are no JSON numbers", source=_RFC),
    TOO_LARGE := Code("TC020", "the body is over the size limit", source=f"{_HTTP}; K011, K012"),
    NEARLY_TOO_LARGE := Code(
        "TC021",
        "the body is over the size limit if a kilobyte is 1,000 bytes",
        Severity.WARNING,
        source=f"{_HTTP}; K011",
    ),
)
_LEGACY = (
    LEGACY_FORMAT := Code(
        "TC701", "the event is in the 1.0 format, whose support ended on 2023-08-31", source=f"{_HTTP}; K013"
    ),
    FLAT_HIT := Code("TC702", "the payload is a flat hit of the older server-side product", source="K014"),
)

FAMILIES = MappingProxyType(
    {1: "envelope", 2: "context", 3: "user", 4: "e-commerce", 5: "video", 6: "campaign"},
)
MISSING, WRONG_TYPE, WRONG_VALUE = 1, 2, 3
_BROKEN = {MISSING: "something is missing", WRONG_TYPE: "a type is wrong", WRONG_VALUE: "a value is wrong"}
_CONTRACT = tuple(
    Code(f"TC{family}{broken:02}", f"{name}: {how}")
    for family, name in FAMILIES.items()
    for broken, how in _BROKEN.items()
)

CODES = MappingProxyType({code.id: code for code in (*_DOCUMENT, *_CONTRACT, *_LEGACY)})
"""Every code by its id."""


def contract_code(family: int, broken: int) -> Code:
    """Give the code of a family (1 to 6) for a way of breaking the contract (01, 02, 03)."""
    return CODES[f"TC{family}{broken:02}"]
