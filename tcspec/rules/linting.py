"""Hold a payload against the rules: what is legal, and still not what a data team wants."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tcspec.detection import version_shown
from tcspec.errors import UnknownKind, UnreadablePayload, Violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import DIALECTS, EVENT_2_0, version_of
from tcspec.payload import read_payload
from tcspec.rules.context import RuleContext
from tcspec.rules.registry import EVERY_CODE, RULES
from tcspec.validation import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from tcspec.payload import Payload, PayloadLike
    from tcspec.rules.rule import Rule

SENT_BY = ("server", "web", "mobile")
"""Who sends payloads."""


def lint(  # noqa: PLR0913 - the public contract
    payload: PayloadLike,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    sender: str | None = None,
    *,
    kind: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> list[Violation]:
    """Find what the rules have to say of a payload, beyond its contract; nothing of one that cannot be read.

    Args:
        payload: a dict, or the JSON document as bytes or text, whose violations then carry line and column.
        select: codes, or beginnings of codes, of the rules that look; by default all do.
        ignore: codes, or beginnings of codes, of rules that do not.
        sender: `server`, `web` or `mobile`; by default what the dialect of an event shows.
        kind: what the payload is; by default it is detected.
        limits: what bounds the depth and the length of the document.
        now: the time in epoch milliseconds that counts as the present; by default that of the clock.

    Returns:
        The violations in the order of their pointers; events in the 1.0 format are for `validate` and `upgrade` alone.

    Raises:
        UnknownKind: when tcspec knows no such kind, sender, or no code begins so.
    """
    if sender is not None and sender not in SENT_BY:
        raise UnknownKind(sender, SENT_BY)
    if kind is not None:
        version_of(kind)
    rules = select_rules(tuple(select), tuple(ignore))
    try:
        given = read_payload(payload, kind, limits)
    except UnreadablePayload:
        return []
    return given.placed(sorted(find_violations(given, rules, sender, now), key=sort_key))


def find_violations(
    given: Payload, rules: Iterable[Rule], sender: str | None = None, now: int | None = None
) -> Iterator[Violation]:
    """Ask rules about a payload that was read, as `lint` does; in no order, and without lines."""
    present = time.time_ns() // 1_000_000 if now is None else now
    for place, subject in contexts_in(given, sender, present):
        for rule in rules:
            if subject.version.kind in rule.kinds:
                yield from (nest(place, violation) for violation in rule.check(subject))


@cache
def select_rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """Choose the rules whose codes begin in one of some ways, and in none of others.

    Raises:
        UnknownKind: when no code begins so.
    """
    return tuple(RULES[code] for code in select_codes(RULES, select, ignore))


def select_codes(codes: Iterable[str], select: tuple[str, ...], ignore: tuple[str, ...]) -> list[str]:
    """Choose the codes that begin in one of some ways, and in none of others.

    Raises:
        UnknownKind: when no code at all begins so.
    """
    for prefix in (*select, *ignore):
        if not any(code.startswith(prefix) for code in EVERY_CODE):
            raise UnknownKind(prefix, tuple(EVERY_CODE))
    return [code for code in codes if (not select or code.startswith(select)) and not code.startswith(ignore)]


def sender_of(event: Mapping[str, Any]) -> str:
    """Tell who sends an event, as its dialect shows."""
    return next(dialect.sender for dialect in DIALECTS if dialect.fits(event))


def contexts_in(given: Payload, sender: str | None, now: int) -> Iterator[tuple[str, RuleContext]]:
    """Give what the rules look at, each with its place in the document."""
    if given.kind == "event":
        yield from _event("", given.document, sender, now)
        return
    shown = "web" if given.kind == "pixel" else "server"
    yield "", RuleContext(given.document, version_of(given.kind), sender or shown, now)
    events = given.document.get("batch")
    if given.kind == "batch" and isinstance(events, list):
        for index, event in enumerate(events):
            if isinstance(event, dict):
                yield from _event(f"/batch/{index}", event, sender, now)


def _event(place: str, event: Mapping[str, Any], sender: str | None, now: int) -> Iterator[tuple[str, RuleContext]]:
    if version_shown(event) is EVENT_2_0:
        yield place, RuleContext(event, EVENT_2_0, sender or sender_of(event), now)


def nest(place: str, violation: Violation) -> Violation:
    """Tell a violation of an event, and its fix, as one of the document in which the event stands."""
    if not place:
        return violation
    fix = violation.fix
    if fix:
        fix = replace(fix, patch=tuple(_lowered(operation, place) for operation in fix.patch))
    return replace(violation, pointer=place + violation.pointer, fix=fix)


def _lowered(operation: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {word: place + told if word in {"path", "from"} else told for word, told in operation.items()}
