"""Fix what is wrong with a payload, and leave every other byte of it as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments, check_strings
from tcspec.codes import BYTE_ORDER_MARK
from tcspec.contract.counting import sort_key
from tcspec.errors import WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import to_json_value
from tcspec.jsontext.positions import Span, find_span, iter_children
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, require_bytes, split_byte_order_mark
from tcspec.kinds import BATCH, EVENT, find_kind
from tcspec.payload import Payload, read_payload
from tcspec.rules.fixes.applying import (
    FixOptions,
    FixResult,
    SkippedFix,
    Snapshot,
    apply_fixes,
    describe_extra,
    edited_payload,
    take_snapshot,
    violation_key,
)
from tcspec.rules.linting import check_names, resolve_now, select_codes
from tcspec.validation import nest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.errors import Violation
    from tcspec.rules.fixes.applying import Key


@dataclass(frozen=True, slots=True)
class Fixed:
    """A payload after its fixes, the violations that were fixed, in order, and those whose fix was not applied.

    These are as they were found. `remaining` is everything that is wrong with the payload now, whatever the selection.
    """

    payload: dict[str, Any]
    applied: tuple[Violation, ...] = ()
    skipped: tuple[SkippedFix, ...] = ()
    remaining: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedJson:
    """The JSON text of a payload after its fixes, with what `Fixed` has about them."""

    text: bytes
    applied: tuple[Violation, ...] = ()
    skipped: tuple[SkippedFix, ...] = ()
    remaining: tuple[Violation, ...] = ()


@check_arguments(limits=(Limits,))
def fix(  # noqa: PLR0913 - the public contract
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    unsafe: bool = False,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    sender: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> Fixed:
    """Fix what is wrong with a payload; the dict stays as it is, and another one is returned.

    The arguments are those of `lint`, but that the payload is a dict or a model of tcspec. With `unsafe` also fixes are
    applied that guess, or that may change what the payload means.

    Raises:
        UnreadablePayload: when something in the payload has no JSON form, or it is nested too deep.
        UnknownKind: when tcspec knows no such kind, version or sender, or no code begins with a prefix.
        WrongArgument: when the payload is neither a dict nor a model.
    """
    if not isinstance(payload, Payload) and not isinstance(to_json_value(payload), dict):
        raise WrongArgument("the payload as a dict or a model", type_name(payload))
    options = _options(kind, version, sender, unsafe, select, ignore, limits, now)
    read = read_payload(payload, kind, limits=limits)
    result = _fix(read, options)
    remaining = _find_remaining(result)
    return Fixed(result.after.payload.document, tuple(result.applied), tuple(result.skipped), remaining)


@check_arguments(limits=(Limits,))
def fix_json(  # noqa: PLR0913 - the public contract
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    unsafe: bool = False,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    sender: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> FixedJson:
    """Fix what is wrong with a JSON text; what the fixes do not touch stays byte for byte.

    A fix is skipped, and reported, when it would add a violation or lose a value; what a rule only sees once an error
    is fixed is not added by it. Fixing what was fixed changes nothing. A pixel is not JSON and comes back as it is.

    The arguments are those of `lint`, but that the payload is the JSON document as bytes. With `unsafe` also fixes are
    applied that guess, or that may change what the payload means.

    Raises:
        UnreadablePayload: when the text is no JSON object within the limits.
        UnknownKind: when tcspec knows no such kind, version or sender, or no code begins with a prefix.
        WrongArgument: when it is not bytes.
    """
    if not isinstance(payload, Payload | bytes | bytearray | memoryview):
        raise WrongArgument("the JSON text as bytes", type_name(payload))
    options = _options(kind, version, sender, unsafe, select, ignore, limits, now)
    without_mark: list[Violation] = []
    if not isinstance(payload, Payload) and options.codes.has(BYTE_ORDER_MARK.id):
        payload, mark = split_byte_order_mark(require_bytes(payload))
        without_mark = [mark] if mark else []
    read = read_payload(payload, kind, limits=limits)
    # A pixel is a query and no JSON text.
    if read.pixel:
        return FixedJson(read.body, tuple(without_mark))
    result = _fix(read, options)
    applied = (*without_mark, *result.applied)
    return FixedJson(result.after.payload.body, applied, tuple(result.skipped), _find_remaining(result))


def _options(  # noqa: PLR0913, PLR0917 - what both functions take
    kind: str | None,
    version: str | None,
    sender: str | None,
    unsafe: bool,  # noqa: FBT001 - as above
    select: str | Iterable[str],
    ignore: str | Iterable[str],
    limits: Limits,
    now: int | None,
) -> FixOptions:
    """Check the arguments of a fix.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or sender, or no code begins with a prefix.
    """
    check_names(kind, version, sender)
    codes = select_codes(check_strings("select", select), check_strings("ignore", ignore))
    known = None if kind is None else find_kind(kind)
    return FixOptions(unsafe, codes, sender, known, version, limits, resolve_now(now))


def _find_remaining(result: FixResult) -> tuple[Violation, ...]:
    return tuple(sorted(result.after.violations, key=sort_key))


def _fix(payload: Payload, options: FixOptions) -> FixResult:
    fix_payload = _fix_batch if payload.kind is BATCH else apply_fixes
    return fix_payload(take_snapshot(payload, options), options)


def _fix_batch(batch: Snapshot, options: FixOptions) -> FixResult:
    """Fix the events of a batch one by one, then what is wrong with the batch as a whole."""
    payload, text = batch.payload, batch.payload.text
    members = list(payload.document["batch"]) if isinstance(payload.document.get("batch"), list) else []
    results: dict[str, FixResult] = {}
    pieces: list[str] = []
    end = 0
    for node in _event_nodes(text):
        event = replace(options, kind=EVENT)
        body = text[node.start : node.end].encode()
        member = Payload(EVENT, members[int(node.name)], body)
        result = apply_fixes(take_snapshot(member, event), event)
        results[f"/batch/{node.name}"] = result
        members[int(node.name)] = result.after.payload.document
        pieces += (text[end : node.start], result.after.payload.text)
        end = node.end
    applied = [nest(pointer, each) for pointer, result in results.items() for each in result.applied]
    skipped = [
        SkippedFix(nest(pointer, each.violation), each.reason)
        for pointer, result in results.items()
        for each in result.skipped
    ]
    after = batch
    if applied:
        document = {**payload.document, "batch": members}
        body = "".join([*pieces, text[end:]]).encode()
        after = take_snapshot(edited_payload(payload, document, body, options), options)
    # Events that are right by themselves can make the batch wrong, as one that is too large now.
    extra = _batch_keys(after, {pointer: result.after for pointer, result in results.items()}) - _batch_keys(
        batch, {pointer: result.before for pointer, result in results.items()}
    )
    if extra:
        refused = [SkippedFix(violation, describe_extra(extra)) for violation in applied]
        return FixResult(batch, batch, [], [*refused, *skipped])
    whole = apply_fixes(after, options, {violation_key(each.violation) for each in skipped})
    return FixResult(batch, whole.after, [*applied, *whole.applied], [*skipped, *whole.skipped])


def _event_nodes(text: str) -> list[Span]:
    """Return where the objects among the events of a batch stand in its text."""
    try:
        holder = find_span(text, ("batch",))
    except LookupError:
        return []
    return [node for node in iter_children(text, holder) if text[holder.start] == "[" and text[node.start] == "{"]


def _batch_keys(batch: Snapshot, events: dict[str, Snapshot]) -> Counter[Key]:
    """Count what is wrong with a batch beside what is wrong with each event by itself."""
    own = (
        violation_key(nest(pointer, violation)) for pointer, event in events.items() for violation in event.violations
    )
    return batch.keys - Counter(own)
