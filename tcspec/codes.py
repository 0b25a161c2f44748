"""Every code of the contract and of transport, once; rules declare their own codes.

A code is never reused and never changes its meaning. Its first digit is its family. In families 1 to 6 and 8 the last
two digits from 01 to 03 are violations of the contract: a property is missing, has the wrong type or an invalid value.
What a code means, why it matters and its examples are in `codes.toml` beside this module.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.errors import Basis, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES = (
    "document and request",
    "envelope and names",
    "context and time",
    "user and consent",
    "e-commerce",
    "video",
    "campaign",
    "legacy",
    "data APIs",
)
"""The families by the first digit of their codes."""


class Code(NamedTuple):
    """One code: its title, its default severity, where the requirement comes from, and the best fix of the contract."""

    id: str
    title: str
    severity: Severity = Severity.ERROR
    basis: Basis = Basis.DOCUMENTED
    source: str = ""
    fix: str | None = None

    @property
    def family(self) -> str:
        """Return the name of its family."""
        return FAMILIES[int(self.id[2])]

    def violation(self, pointer: str, message: str, data: Mapping[str, Any] | None = None) -> Violation:
        """Build a violation of this code."""
        return Violation(self.id, self.severity, pointer, message, data or {}, self.basis, self.source)


class Explanation(NamedTuple):
    """What a code means: a sentence, why it matters and what to do, a bad and a good example.

    The examples are None when nothing can have the code today. `language` is what they are written in, as Markdown
    names it: `json`, `http` (a captured request), `text` (the address of a pixel) or `python`. What is too long to
    print, or is not text, stands in them in brackets: `[33000 characters]`, `[bytes E9]`. `kind` is the kind of the
    payloads; None when it is detected.
    """

    summary: str
    text: str
    bad: str | None = None
    good: str | None = None
    language: str = "json"
    kind: str | None = None

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Return the examples with their headings."""
        headed = (("Bad", self.bad), ("Good", self.good))
        return tuple((heading, example) for heading, example in headed if example is not None)


_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"
_USERS = "features/sources/sources-catalog/import-crm-users/api-users.md"
_BULK = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_RFC = "RFC 8259"
_INFO, _WARNING, _INFERRED = Severity.INFO, Severity.WARNING, Basis.INFERRED

_DOCUMENT = (
    NOT_JSON := Code("TC001", "invalid JSON", source=_HTTP),
    NOT_UTF8 := Code("TC002", "invalid UTF-8", source=_RFC),
    BYTE_ORDER_MARK := Code("TC003", "byte order mark", source=_RFC, fix="safe"),
    # RFC 8259 allows this and the next, and leaves their effect open (sections 4, 8.2): hence inferred.
    DUPLICATE_KEY := Code("TC004", "duplicate JSON key", basis=_INFERRED, source=_RFC),
    LONE_SURROGATE := Code("TC005", "lone surrogate in a string", basis=_INFERRED, source=_RFC),
    TOO_DEEP := Code("TC006", "nesting exceeds the maximum depth", basis=_INFERRED, source=_RFC),
    TOO_LONG := Code("TC007", "document exceeds the maximum length", basis=_INFERRED, source=_RFC),
    EMPTY := Code("TC008", "empty document", source=_HTTP),
    NOT_AN_OBJECT := Code("TC009", "payload is not a JSON object", source=_HTTP),
    NOT_JSON_VALUE := Code("TC010", "Python value cannot be serialized as JSON", basis=_INFERRED, source=_RFC),
    NOT_A_NUMBER := Code("TC011", "NaN or infinity instead of a JSON number", source=_RFC),
    BAD_QUERY := Code("TC012", "ambiguous query string", source=_PIXEL),
    TOO_LARGE := Code("TC020", "body exceeds the size limit", source=f"{_HTTP}; K011, K012"),
    NEARLY_TOO_LARGE := Code(
        "TC021", "body exceeds the size limit if a kilobyte is 1,000 bytes", _WARNING, source=f"{_HTTP}; K011"
    ),
)
_REQUEST = (
    UNKNOWN_ENDPOINT := Code("TC030", "unknown endpoint", source=_HTTP),
    OLD_ENDPOINT := Code("TC031", "endpoint of an older API", source=f"{_HTTP}; K014, K016"),
    WRONG_METHOD := Code("TC032", "method not allowed", source=_HTTP),
    MISSING_PARAMETER := Code("TC033", "missing query parameter", source=_HTTP),
    WRONG_PARAMETER := Code("TC034", "invalid query parameter", source=_HTTP),
    MISPLACED_PARAMETER := Code("TC035", "misplaced parameter", source=_HTTP),
    NO_CREDENTIALS := Code("TC036", "missing credentials", source=f"{_HTTP}; K007"),
    TWO_CREDENTIALS := Code("TC037", "credentials in two places", _INFO, source=f"{_HTTP}; K007"),
    WRONG_AUTHORIZATION := Code("TC038", "Authorization header is not a Bearer token", source=_HTTP),
    WRONG_CONTENT_TYPE := Code("TC039", "wrong Content-Type", source=_HTTP),
    SECRET_IN_PAYLOAD := Code("TC040", "credential or configuration in the body of a request", _WARNING, source="K063"),
    NOT_HTTPS := Code("TC041", "unencrypted request", _WARNING, _INFERRED, _HTTP),
    UNREADABLE_CAPTURE := Code("TC042", "unreadable captured request", basis=_INFERRED, source="RFC 9112"),
    IDS_DIFFER := Code("TC043", "query and body identify different users", _WARNING, source=f"{_USERS}; K115"),
    UNREAD_BODY := Code("TC044", "body is ignored by the endpoint", _WARNING, _INFERRED, _PIXEL),
    UNREAD_PART := Code("TC045", "part of a request is not read", _INFO, _INFERRED, "RFC 9112"),
    GA4_TRANSPORT := Code("TC046", "GA4 hit, which is not checked", _INFO, source="K123"),
)
_RUN = (REQUIRED_EVENT := Code("TC060", "required event did not occur", basis=_INFERRED, source="--require-events"),)
_TIME = (OTHER_UNIT := Code("TC210", "timestamp is not in milliseconds", source=f"{_HTTP}; K001", fix="safe"),)
_PIXELS = (
    ANONYMOUS_PIXEL := Code("TC204", "pixel without event_id or event_timestamp", _WARNING, source=f"{_PIXEL}; K117"),
)
_LEGACY = (
    LEGACY_FORMAT := Code(
        "TC701", "event is in the 1.0 format, whose support ended on 2023-08-31", source=f"{_HTTP}; K013"
    ),
    FLAT_HIT := Code("TC702", "flat hit of the older server-side product", source="K014"),
    OTHER_VENDOR := Code("TC703", "format of another vendor", _WARNING, _INFERRED, _HTTP),
)
_BULK_REQUEST = (
    TOO_MANY_LINES := Code("TC810", "more lines than the vendor recommends", _INFO, source=f"{_BULK}; K102"),
    TOO_MANY_ITEMS := Code("TC811", "more items than the documented maximum", _WARNING, source=f"{_BULK}; K102"),
)

MISSING, WRONG_TYPE, WRONG_VALUE = 1, 2, 3
# There is no 7: a property of a 1.0 event has the family of its place in 2.0.
_CONTRACT_FAMILIES = MappingProxyType(
    {1: "envelope", 2: "context", 3: "user", 4: "e-commerce", 5: "video", 6: "campaign", 8: "data API"}
)
_CONTRACT_TITLES = MappingProxyType(
    {
        MISSING: "missing required {} property",
        WRONG_TYPE: "{} property has the wrong type",
        WRONG_VALUE: "{} property has an invalid value",
    }
)
_CONTRACT = tuple(
    # A property is added by nobody who does not know the data; one with another name is guessed.
    Code(f"TC{family}{problem:02}", title.format(name), fix="unsafe" if problem == MISSING else "safe")
    for family, name in _CONTRACT_FAMILIES.items()
    for problem, title in _CONTRACT_TITLES.items()
)

CODES = MappingProxyType(
    {
        code.id: code
        for code in sorted(
            (*_DOCUMENT, *_REQUEST, *_RUN, *_CONTRACT, *_TIME, *_PIXELS, *_LEGACY, *_BULK_REQUEST),
            key=lambda code: code.id,
        )
    }
)
"""The codes of the contract and of transport by their ids."""


def contract_code(family: int, problem: int) -> Code:
    """Return the code of a family (1 to 6, 8) for a problem: MISSING, WRONG_TYPE or WRONG_VALUE."""
    return CODES[f"TC{family}{problem:02}"]


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return the explanations of the codes of the contract and of transport by their ids."""
    # Imported here: nothing but `tcspec rules` and a few reporters explains codes.
    import tomllib  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return MappingProxyType({code: Explanation(**table) for code, table in tables.items()})
