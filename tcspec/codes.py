"""Every code of the contract, once. A code is never reused and never changes its meaning.

The first digit is the family: 0 document, transport and request, 1 envelope, 2 context and time, 3 user,
4 e-commerce, 5 video, 6 campaign, 7 legacy, 8 data APIs (user, product, conversion), 9 reserved. In families 1 to 6
and 8 the last two digits say how the contract is broken: 01 something is missing, 02 the type is wrong, 03 the value
is wrong.
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

    def violation(self, pointer: str, message: str, data: Mapping[str, Any] | None = None) -> Violation:
        """Build a violation of this code."""
        return Violation(self.id, self.severity, pointer, message, data or {}, self.basis, self.source)


_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"
_USERS = "features/sources/sources-catalog/import-crm-users/api-users.md"
_BULK = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
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
    BAD_QUERY := Code("TC012", "the query string cannot be read without guessing", source=_PIXEL),
    TOO_LARGE := Code("TC020", "the body is over the size limit", source=f"{_HTTP}; K011, K012"),
    NEARLY_TOO_LARGE := Code(
        "TC021",
        "the body is over the size limit if a kilobyte is 1,000 bytes",
        Severity.WARNING,
        source=f"{_HTTP}; K011",
    ),
)
_REQUEST = (
    UNKNOWN_ENDPOINT := Code("TC030", "the request goes to no endpoint that is known", source=_HTTP),
    OLD_ENDPOINT := Code("TC031", "the request goes to an endpoint of an older API", source=f"{_HTTP}; K014, K016"),
    WRONG_METHOD := Code("TC032", "the endpoint does not take the method", source=_HTTP),
    MISSING_PARAMETER := Code("TC033", "a parameter of the query is missing", source=_HTTP),
    WRONG_PARAMETER := Code("TC034", "a parameter of the query is wrong", source=_HTTP),
    MISPLACED_PARAMETER := Code("TC035", "a parameter is not where the endpoint looks for it", source=_HTTP),
    NO_CREDENTIALS := Code("TC036", "the request has no credentials", source=f"{_HTTP}; K007"),
    TWO_CREDENTIALS := Code("TC037", "the request gives its credentials twice", Severity.INFO, source=f"{_HTTP}; K007"),
    WRONG_AUTHORIZATION := Code("TC038", "the Authorization header is not a Bearer token", source=_HTTP),
    WRONG_CONTENT_TYPE := Code("TC039", "the Content-Type is not what the endpoint reads", source=_HTTP),
    SECRET_IN_PAYLOAD := Code(
        "TC040", "the payload holds a credential or configuration", Severity.WARNING, source="K063"
    ),
    NOT_HTTPS := Code("TC041", "the request is not encrypted", Severity.WARNING, Basis.INFERRED, _HTTP),
    UNREADABLE_CAPTURE := Code("TC042", "the captured request cannot be read", basis=Basis.INFERRED, source="RFC 9112"),
    IDS_DIFFER := Code("TC043", "query and body name different users", Severity.WARNING, source=f"{_USERS}; K115"),
    UNREAD_BODY := Code("TC044", "the request has a body that nobody reads", Severity.WARNING, Basis.INFERRED, _PIXEL),
)
_RUN = (
    REQUIRED_EVENT := Code(
        "TC060", "an event that is required did not occur", basis=Basis.INFERRED, source="--require-events"
    ),
)
_PIXELS = (
    ANONYMOUS_PIXEL := Code(
        "TC204", "the pixel says neither its id nor its moment", Severity.WARNING, source=f"{_PIXEL}; K117"
    ),
)
_BULK_REQUEST = (
    TOO_MANY_LINES := Code(
        "TC810", "the request has more lines than the vendor recommends", Severity.INFO, source=f"{_BULK}; K102"
    ),
    TOO_MANY_ITEMS := Code(
        "TC811", "the conversion has more items than the vendor states", Severity.WARNING, source=f"{_BULK}; K102"
    ),
)
_LEGACY = (
    LEGACY_FORMAT := Code(
        "TC701", "the event is in the 1.0 format, whose support ended on 2023-08-31", source=f"{_HTTP}; K013"
    ),
    FLAT_HIT := Code("TC702", "the payload is a flat hit of the older server-side product", source="K014"),
)

FAMILIES = MappingProxyType(
    {1: "envelope", 2: "context", 3: "user", 4: "e-commerce", 5: "video", 6: "campaign", 8: "data APIs"},
)
MISSING, WRONG_TYPE, WRONG_VALUE = 1, 2, 3
_BROKEN = {MISSING: "something is missing", WRONG_TYPE: "a type is wrong", WRONG_VALUE: "a value is wrong"}
_CONTRACT = tuple(
    Code(f"TC{family}{broken:02}", f"{name}: {how}")
    for family, name in FAMILIES.items()
    for broken, how in _BROKEN.items()
)

CODES = MappingProxyType(
    {code.id: code for code in (*_DOCUMENT, *_REQUEST, *_RUN, *_CONTRACT, *_PIXELS, *_LEGACY, *_BULK_REQUEST)}
)
"""Every code by its id."""


def contract_code(family: int, broken: int) -> Code:
    """Give the code of a family (1 to 6, 8) for a way of breaking the contract (01, 02, 03)."""
    return CODES[f"TC{family}{broken:02}"]
