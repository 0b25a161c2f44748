"""Check a payload against the rules: what is legal, and still loses or confuses data."""

from __future__ import annotations

import time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tcspec.arguments import check_arguments, check_strings
from tcspec.contract.counting import ViolationCounter
from tcspec.contract.schemas import load_catalogue
from tcspec.detection import detect_version
from tcspec.dialects import dialect_of
from tcspec.errors import UnknownKind, UnreadablePayload, Violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import EVENT, EVENT_2_0, SENDERS, version_of
from tcspec.payload import read_payload
from tcspec.rules.context import RuleContext
from tcspec.rules.families import rules_for
from tcspec.validation import nest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from tcspec.kinds import Version
    from tcspec.payload import Payload
    from tcspec.rules.rule import Rule


class CodeSelection(NamedTuple):
    """The codes that begin with one of some prefixes, of which none means all, and with none of others."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        """Return whether a code is one of them."""
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)


ALL_CODES = CodeSelection()


@check_arguments(limits=(Limits,))
def lint(  # noqa: PLR0913 - the public contract
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    sender: str | None = None,
    with_fixes: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> list[Violation]:
    """Return what the rules find in a payload, beyond its contract.

    Args:
        payload: a dict, a model of tcspec, or the JSON document as bytes or text, whose violations then have line and
            column.
        kind: what the payload is; by default it is detected.
        version: the version that it should meet; by default it is detected. The rules are about the 2.0 format: of an
            event in the 1.0 format they find nothing.
        select: a code, or prefixes of codes, of the rules to check; by default all are.
        ignore: a code, or prefixes of codes, of rules not to check.
        sender: `server`, `web` or `mobile`; by default what the dialect of an event shows.
        with_fixes: whether violations have their fix; each is tried on the payload, which takes time.
        limits: bounds on the depth and the length of the document, and on how many violations of one code are listed.
        now: the time in epoch milliseconds that counts as the present; by default that of the clock.

    Returns:
        The violations in the order of their pointers; of a payload that cannot be read those that `validate` finds.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or sender, or no code begins with a prefix.
        WrongArgument: when the payload is of a Python type that holds none.
    """
    check_names(kind, version, sender)
    rules = select_codes(check_strings("select", select), check_strings("ignore", ignore))
    try:
        read = read_payload(payload, kind, limits=limits)
    except UnreadablePayload as unreadable:
        return list(unreadable.violations)
    return read.arrange(find_violations(read, version, rules, sender, now, limits.violations, with_fixes=with_fixes))


def check_names(kind: str | None, version: str | None, sender: str | None) -> None:
    """Raise when tcspec knows no such kind, version or sender.

    Raises:
        UnknownKind: then.
    """
    version_of(kind or EVENT.name, version)
    if sender is not None and sender not in SENDERS:
        raise UnknownKind(str(sender), SENDERS)


def find_violations(  # noqa: PLR0913, PLR0917 - what a rule depends on
    payload: Payload,
    version: str | None,
    rules: CodeSelection = ALL_CODES,
    sender: str | None = None,
    now: int | None = None,
    limit: int | None = DEFAULT_LIMITS.violations,
    *,
    with_fixes: bool = True,
    watch: Callable[[str, RuleContext], Iterator[Violation]] | None = None,
) -> list[Violation]:
    """Return what rules find in a payload, as `lint` does, in no order and without lines.

    `limit` of the violations of a code are listed. `watch` finds more in the payload or an event in it.
    """
    present = resolve_now(now)
    counter = ViolationCounter(limit)
    found: list[Violation] = []
    for pointer, context in contexts_in(payload, version, sender, present):
        for rule in _find_needed(rules, context):
            for finding in rule.find(context):
                # Counted before it is built: to offer a fix takes longer than to find what is wrong.
                if counter.admits(rule.code.id, rule.severity_of(finding)):
                    violation = rule.to_violation(finding, context, with_fixes=with_fixes)
                    found.append(nest(pointer, violation))
        if watch:
            found += counter.filter(watch(pointer, context))
    return payload.keep_digits(counter.with_remainders(found))


def _find_needed(rules: CodeSelection, payload: RuleContext) -> list[Rule]:
    """Return the rules that can find something in a payload."""
    is_named = "event_name" in payload.value or "event" not in payload.value
    # By a name in `event`, as the 1.0 format has it, the catalogue finds properties, though the event has no name.
    event = payload.name if payload.spec else "" if is_named else None
    needed: list[Rule] = []
    for needs, group in _group_rules(rules, payload.version.kind, event):
        if needs is None or needs(payload):
            needed += group
    return needed


@lru_cache(maxsize=1024)
def _group_rules(
    rules: CodeSelection, kind: str, event: str | None
) -> tuple[tuple[Callable[[RuleContext], bool] | None, list[Rule]], ...]:
    """Return the rules for a kind of payload and an event, grouped by what they need in a payload.

    The event is a name in the catalogue, empty for a custom event, and None for one that may be any.
    """
    spec = load_catalogue()["events"].get(event, {})
    groups: dict[Callable[[RuleContext], bool] | None, list[Rule]] = {}
    is_video = spec.get("family", "").startswith("video")
    for rule in rules_for(kind, is_video=is_video):
        if rules.has(rule.code.id) and (rule.events is None or event is None or rule.events(spec)):
            groups.setdefault(rule.needs, []).append(rule)
    return tuple(groups.items())


def resolve_now(now: int | None) -> int:
    """Return the time in epoch milliseconds that counts as the present, by default that of the clock."""
    return time.time_ns() // 1_000_000 if now is None else now


@cache
def select_codes(select: tuple[str, ...], ignore: tuple[str, ...]) -> CodeSelection:
    """Return the codes that begin with one of some prefixes, and with none of others.

    Raises:
        UnknownKind: when no code begins with a prefix.
    """
    if select or ignore:
        from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - most runs name no codes, and meet few payloads

        for prefix in (*select, *ignore):
            if not any(code.startswith(prefix) for code in EVERY_CODE):
                raise UnknownKind(prefix, tuple(EVERY_CODE))
    return CodeSelection(select, ignore)


def contexts_in(
    payload: Payload, version: str | None, sender: str | None, now: int
) -> Iterator[tuple[str, RuleContext]]:
    """Yield what the rules check in a payload, each with its pointer: the whole, and each event of a batch."""
    if payload.is_ga4:
        return
    # The body of a pixel is no JSON text, which rules could search.
    body = payload.body if payload.pixel is None else None
    if payload.kind is EVENT:
        yield from _event_context("", payload.document, version, sender, now, body)
        return
    yield "", RuleContext(payload.document, payload.kind.version(), sender or payload.kind.sender, now, body)
    for pointer, event in payload.events():
        if isinstance(event, dict):
            yield from _event_context(pointer, event, version, sender, now)


def _event_context(  # noqa: PLR0913, PLR0917 - those of `contexts_in`, for an event
    pointer: str, event: Mapping[str, Any], version: str | None, sender: str | None, now: int, body: bytes | None = None
) -> Iterator[tuple[str, RuleContext]]:
    effective: Version | None = EVENT.version(version) if version else detect_version(event)
    # The rules are about the 2.0 format; legacy is for `tcspec upgrade`, whose result they can check.
    if effective is EVENT_2_0:
        yield pointer, RuleContext(event, EVENT_2_0, sender or dialect_of(event).sender, now, body, pointer)
