"""Rules on the size of a body, and on what should not be sent in a payload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tcspec.contract.credentials import (
    WORD_OF_VALUES,
    WORDS_OF_CONFIGURATION,
    WORDS_OF_CREDENTIALS,
    find_configuration,
    find_credentials,
)
from tcspec.errors import Basis, OversizeEvent, Severity, UnreadablePayload
from tcspec.kinds import EVENT_KINDS
from tcspec.patterns import compile_late
from tcspec.personal import mask_pointer
from tcspec.rules.rule import Finding, rule
from tcspec.size import costliest_paths, payload_size, size_limit, split_batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_SDK = "features/sources/sources-catalog/web/js-sdk/README.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_INSPECTOR = "features/sources/live-event-inspector.md"

_NEAR = 0.9
_MOST_LONGER = 2
_MOST_LONGER_THAN_TEXT = 5
"""How many times as long as a text its compact body is at most: `1e15` is written as `1000000000000000.0`."""
_ALL = (*EVENT_KINDS, "batch", "user", "product", "conversion")
# Not `image@2x.png`, as files for sharp screens are called.
_EMAIL = compile_late(
    r"[\w.+-]{1,64}(?:@|%40)(?!\d{1,2}x\.)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])", re.IGNORECASE | re.ASCII
)
_PAGE_TEXTS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    ((), ("url", "title", "path", "referrer")),
    (("context", "page"), ("url", "title", "referrer", "location")),
    (("context", "page", "location"), ("href",)),
)


@rule(
    "TC050",
    "body is close to the size limit",
    Severity.INFO,
    source=f"{_HTTP}; K011",
    basis=Basis.INFERRED,
    kinds=("event", "batch"),
)
def nearly_full(payload: RuleContext) -> Iterator[Finding]:
    """A body has more than nine tenths of its size limit, or a batch has to be split.

    An event may certainly have 32,000 bytes and a batch 500,000. With one more long string the next payload is refused
    with a 400, or lost. The largest paths are named; for a batch also the number of parts that `split_batch` makes.

    Bad:

        {"event_name": "brochure_downloaded", "summary": "[30000 characters]"}

    Good:

        {"event_name": "brochure_downloaded", "summary": "[200 characters]"}
    """
    kind = payload.version.kind
    limit = size_limit(kind).safe
    if payload.text is not None and _MOST_LONGER_THAN_TEXT * len(payload.text) <= limit * _NEAR:
        return
    # Where only the notation of numbers differs, what orjson writes is not half as long as the compact body.
    if payload.written is not None and _MOST_LONGER * len(payload.written) <= limit * _NEAR:
        return
    try:
        size = payload_size(payload.value)
    except UnreadablePayload:  # the caller reads documents that are nested deeper than those that are measured
        return
    is_over = size > limit
    # Over the limit is an error of the contract; for a batch the number of parts is of use even then.
    if size <= limit * _NEAR or (is_over and kind == "event"):
        return
    costliest = {payload.parent + path: weight for path, weight in costliest_paths(payload.value).items()}
    message = f"the {kind} has {size:,} of the {limit:,} bytes that are safe"
    data: dict[str, Any] = {"expected": limit, "actual": size, "costliest": costliest}
    if costliest:
        path, weight = next(iter(costliest.items()))
        message += f"; {mask_pointer(path)} has {weight:,}"
    hint = None
    if kind == "batch":
        data["parts"] = _count_parts(payload)
        hint = f"send it as {data['parts']} batches" if data["parts"] > 1 else None
    if not is_over or hint:
        yield Finding((), message, data, hint)


def mentions_credential(payload: RuleContext) -> bool:
    """Return whether a payload may contain a credential."""
    return payload.may_name(WORDS_OF_CREDENTIALS) or payload.mentions(WORD_OF_VALUES)


def mentions_configuration(payload: RuleContext) -> bool:
    """Return whether a payload may contain configuration of the sender."""
    return payload.may_name(WORDS_OF_CONFIGURATION)


@rule("TC051", "credential in a payload", source=f"{_SDK}; K063", kinds=_ALL, needs=mentions_credential)
def credential(payload: RuleContext) -> Iterator[Finding]:
    """A source key, a token or a password is in a payload.

    Every destination and every export of the data receives it, and anyone who has it can send events in your name. It
    belongs in the request. Replace it if the payload was sent.

    Bad:

        {"event_name": "login", "user": {"id": "1042"}, "sourceKey": "not-a-real-key"}

    Good:

        {"event_name": "login", "user": {"id": "1042"}, "method": "form"}
    """
    # The events of a batch are checked one by one.
    is_batch = payload.version.kind == "batch"
    value = {key: member for key, member in payload.value.items() if key != "batch"} if is_batch else payload.value
    for path in find_credentials(value):
        message = "credential in a payload, which every recipient can read"
        yield Finding(path, message, {"property": path[-1]}, "remove it, and replace it if the payload was sent")


@rule(
    "TC052",
    "configuration of the sender in a payload",
    source=f"{_SDK}; K063",
    kinds=_ALL,
    needs=mentions_configuration,
)
def configuration(payload: RuleContext) -> Iterator[Finding]:
    """A site id or a collection domain was sent as a property.

    They say where the payload is sent and belong in the address of the request; as properties they are stored for no
    purpose. An example of the vendor that is cut off by a comment sends them.

    Bad:

        {"event_name": "login", "siteId": 4711, "collectionDomain": "collect.shop.example"}

    Good:

        {"event_name": "login", "method": "form"}
    """
    for path in find_configuration(payload.value, payload.version):
        message = f"`{path[-1]}` is configuration of the sender, not a property"
        yield Finding(path, message, {"property": path[-1]}, "remove it from the payload")


def has_at_sign(event: RuleContext) -> bool:
    """Return whether an event may have an at sign, as e-mail addresses do, or one that is percent-encoded."""
    return event.text is None or b"@" in event.text or b"%40" in event.text


@rule(
    "TC053",
    "e-mail address in the address or title of a page",
    source=_WEB,
    basis=Basis.INFERRED,
    needs=has_at_sign,
)
def email_in_page(event: RuleContext) -> Iterator[Finding]:
    """An e-mail address is in the address, the referrer or the title of a page.

    These are reported, exported and stored without the care that personal data requires; forms that are sent with GET
    and links in newsletters put e-mail addresses there. The message does not show it.

    Bad:

        {"event_name": "page_view", "url": "https://shop.example/welcome?mail=ada.keller%40shop.example"}

    Good:

        {"event_name": "page_view", "url": "https://shop.example/welcome"}
    """
    for path, names in _PAGE_TEXTS:
        parent = event.at(*path)
        for name in names if isinstance(parent, dict) else ():
            value = parent.get(name)
            if isinstance(value, str) and ("@" in value or "%40" in value) and _EMAIL.search(value):
                message = f"`{name}` contains an e-mail address"
                hint = "send it as `user.email`, and remove it here"
                yield Finding((*path, name), message, {"property": name}, hint)


@rule("TC054", "test event", Severity.INFO, source=f"{_INSPECTOR}; K072")
def marked_as_test(event: RuleContext) -> Iterator[Finding]:
    """An event has a `test_code`.

    The live inspector shows such events without sampling, and only accepts a few per minute. In production the code is
    left over from a test.

    Bad:

        {"event_name": "login", "test_code": "TEST-7"}

    Good:

        {"event_name": "login"}
    """
    if event.value.get("test_code") not in (None, ""):
        message = "`test_code` marks the event as a test for the live inspector"
        yield Finding(("test_code",), message, {"property": "test_code"}, "remove it in production")


def _count_parts(batch: RuleContext) -> int:
    """Return how many batches `split_batch` makes of the events of a batch; 0 if one of them does not fit in any."""
    events = batch.at("batch")
    try:
        return sum(1 for _ in split_batch(events)) if isinstance(events, list) else 0
    except OversizeEvent:
        return 0
