"""Rules on what should not travel in a payload, and on what makes it nearly too large."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, OversizeEvent, Severity, UnreadablePayload
from tcspec.rules.context import ABSENT, pointer
from tcspec.rules.rule import EVENTS, Finding, rule
from tcspec.size import costliest_paths, limit_of, payload_size, split_batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_SDK = "features/sources/sources-catalog/web/js-sdk/README.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_INSPECTOR = "features/sources/live-event-inspector.md"

_NEAR = 0.9
_ALL = (*EVENTS, "batch", "user", "product", "conversion")
_CREDENTIALS = frozenset({"sourcekey", "authorization", "apikey", "accesstoken", "clientsecret", "password"})
_AT_ROOT = _CREDENTIALS | {"token"}
_CONFIGURATION = frozenset({"siteid", "tcs", "collectiondomain"})
_ROOTS: tuple[Path, ...] = ((), ("properties",), ("context",))
_BEARER = re.compile(r"Bearer\s+\S", re.IGNORECASE)
_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|%40)(?!\d{1,2}x\.)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])", re.IGNORECASE | re.ASCII
)
_OF_THE_PAGE: tuple[Path, ...] = (
    *((name,) for name in ("url", "title", "path", "referrer")),
    *(("context", "page", name) for name in ("url", "title", "referrer", "location")),
    ("context", "page", "location", "href"),
)


@rule(
    "TC050",
    "the body is near the size limit, or must be split",
    Severity.INFO,
    source=f"{_HTTP}; K011",
    basis=Basis.INFERRED,
    kinds=("event", "batch"),
)
def nearly_full(payload: RuleContext) -> Iterator[Finding]:
    """Tell a body above nine tenths of its limit, and a batch that must be cut.

    An event may have 32,000 bytes and a batch 500,000 for certain. One long text more, and the next payload of this
    sort is refused with a 400, or lost. The paths that cost most are named; of a batch also how many parts
    `split_batch` makes of it.

    Bad:

        {"event_name": "brochure_downloaded", "summary": "[30000 characters]"}

    Good:

        {"event_name": "brochure_downloaded", "summary": "[200 characters]"}
    """
    kind = payload.version.kind
    limit = limit_of(kind).safe
    try:
        size = payload_size(payload.payload)
    except UnreadablePayload:  # it was read by a caller who takes documents deeper than those that are measured
        return
    is_over = size > limit
    if size <= limit * _NEAR or (is_over and kind == "event"):
        return
    costliest = costliest_paths(payload.payload)
    message = f"the {kind} has {size:,} bytes of the {limit:,} that are safe"
    data: dict[str, Any] = {"expected": limit, "actual": size, "costliest": costliest}
    if costliest:
        path, weight = next(iter(costliest.items()))
        message += f"; {path} alone has {weight:,}"
    hint = None
    if kind == "batch":
        data["parts"] = _parts(payload)
        hint = f"send it as {data['parts']} batches" if data["parts"] > 1 else None
    if not is_over or hint:
        yield Finding("", message, data, hint)


@rule("TC051", "the payload holds a credential", source=f"{_SDK}; K063", kinds=_ALL)
def credential(payload: RuleContext) -> Iterator[Finding]:
    """Tell a source key, a token or a password inside a payload.

    Every destination and every export of the data receives it, and whoever has it can send events in your name. It
    belongs into the request, and once it has travelled it should be exchanged.

    Bad:

        {"event_name": "login", "user": {"id": "1042"}, "sourceKey": "not-a-real-key"}

    Good:

        {"event_name": "login", "user": {"id": "1042"}, "method": "form"}
    """
    for path, value in _own_members(payload):
        name = _squeezed(path[-1])
        if not isinstance(value, str) or not value.strip():
            continue
        if name in (_AT_ROOT if path[:-1] in _ROOTS else _CREDENTIALS) or _BEARER.match(value):
            yield Finding(
                pointer(*path),
                "this is a credential, and whoever receives the payload can read it",
                {"property": path[-1]},
                "take it out, and exchange it if the payload was sent",
            )


@rule(
    "TC052",
    "the payload holds configuration of the sender",
    source=f"{_SDK}; K063",
    kinds=_ALL,
)
def configuration(payload: RuleContext) -> Iterator[Finding]:
    """Tell a site id or a collection domain that was sent as if it were a property.

    They say where the payload goes, and belong into the address of the request; as properties they are kept beside
    the data for nothing. A call of the vendor's own examples that is cut by a comment sends them.

    Bad:

        {"event_name": "login", "siteId": 4711, "collectionDomain": "collect.shop.example"}

    Good:

        {"event_name": "login", "method": "form"}
    """
    for place in _ROOTS:
        holder = payload.at(*place)
        for name in holder if isinstance(holder, dict) else ():
            known = bool(payload.entry((*place, name)))
            if _squeezed(name) in _CONFIGURATION and not known:
                message = f"`{name}` is no property: it is configuration of the sender"
                yield Finding(pointer(*place, name), message, {"property": name}, "take it out of the payload")


@rule("TC053", "an address or title of a page holds an e-mail address", source=_WEB, basis=Basis.INFERRED)
def email_in_page(event: RuleContext) -> Iterator[Finding]:
    """Tell an e-mail address in the address, the referrer or the title of a page.

    Addresses and titles of pages are reported, exported and kept without the care that personal data asks for; forms
    that are sent by GET and links of newsletters put e-mail addresses there. What is found is never shown.

    Bad:

        {"event_name": "page_view", "url": "https://shop.example/welcome?mail=ada.keller%40shop.example"}

    Good:

        {"event_name": "page_view", "url": "https://shop.example/welcome"}
    """
    for path in _OF_THE_PAGE:
        value = event.at(*path)
        if isinstance(value, str) and _EMAIL.search(value):
            yield Finding(
                pointer(*path),
                "this text holds an e-mail address",
                {"property": path[-1]},
                "send it as `user.email`, and leave it out here",
            )


@rule("TC054", "the event is a test event", Severity.INFO, source=f"{_INSPECTOR}; K072")
def marked_as_test(event: RuleContext) -> Iterator[Finding]:
    """Tell an event that is marked as a test.

    The live inspector shows what carries a `test_code` without sampling, and only few of them a minute are taken. In
    production it is left over from a test.

    Bad:

        {"event_name": "login", "test_code": "TEST-7"}

    Good:

        {"event_name": "login"}
    """
    if event.at("test_code") not in (ABSENT, None, ""):
        message = "the event is marked as a test, which is for the live inspector"
        yield Finding(pointer("test_code"), message, {"property": "test_code"}, "leave it out in production")


def _parts(batch: RuleContext) -> int:
    """Count the batches that the events of one would make; none when one of them fits nowhere."""
    events = batch.at("batch")
    try:
        return sum(1 for _ in split_batch(events)) if isinstance(events, list) else 0
    except OversizeEvent:
        return 0


def _own_members(payload: RuleContext) -> Iterator[tuple[Path, Any]]:
    """Walk through the members; the events of a batch are looked at one by one."""
    if payload.version.kind == "batch":
        return (((name,), value) for name, value in payload.payload.items())
    return payload.members()


@lru_cache(maxsize=4096)
def _squeezed(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").lower()
