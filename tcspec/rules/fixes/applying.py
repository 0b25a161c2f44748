"""Apply the fixes of a payload: none after which a value is gone, or something else is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec.detection import kind_of
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.patch import PatchError, apply_patch
from tcspec.jsontext.reader import Limits, check_text
from tcspec.jsontext.relocation import is_lossy, relocate
from tcspec.jsontext.value_patch import patch_value
from tcspec.personal import mask_pointer
from tcspec.rules.fixes.conflicts import choose_compatible
from tcspec.rules.linting import ALL_CODES, CodeSelection
from tcspec.rules.linting import find_violations as find_rule_violations
from tcspec.validation import find_violations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tcspec.errors import Violation
    from tcspec.kinds import Kind
    from tcspec.payload import Payload

    Key = tuple[str, str, str]

UNSAFE = "its fix may change what the payload means (--unsafe applies it)"
_LOSES = "its fix would lose information"
_UNREADABLE = "the fixed payload could not be read"
_TOO_MANY = "its fix was not tried, because too many others were refused"
_MAX_TRIES = 100
"""How often fixes of a payload are tried at most; each time it is checked again."""
_MAX_CHAIN = 4
"""How many fixes may follow from one another, as milliseconds follow from a timestamp that was moved to its place."""


@dataclass(frozen=True, slots=True)
class SkippedFix:
    """A violation whose fix was not applied, and why."""

    violation: Violation
    reason: str


@dataclass(frozen=True, slots=True)
class FixOptions:
    """Which fixes may be applied, and how payloads are checked."""

    unsafe: bool
    codes: CodeSelection
    sender: str | None
    kind: Kind | None
    version: str | None
    limits: Limits
    now: int

    def selects(self, violation: Violation) -> bool:
        """Return whether a violation has a fix and one of the selected codes."""
        return violation.fix is not None and self.codes.has(violation.code)

    def allows(self, violation: Violation) -> bool:
        """Return whether the fix of a violation may be applied."""
        return self.selects(violation) and violation.fix is not None and (self.unsafe or violation.fix.is_safe)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A payload at one moment of its fixing, and everything that is wrong with it."""

    payload: Payload
    violations: tuple[Violation, ...]

    @property
    def keys(self) -> Counter[Key]:
        """Count the violations by what identifies them."""
        return Counter(map(violation_key, self.violations))


@dataclass(frozen=True, slots=True)
class FixResult:
    """A payload before and after its fixes, with those that were applied and those that were not."""

    before: Snapshot
    after: Snapshot
    applied: list[Violation]
    skipped: list[SkippedFix]


def take_snapshot(payload: Payload, options: FixOptions) -> Snapshot:
    """Return a payload with everything that is wrong with it."""
    # All of them, however many: a fix is refused when after it one more is wrong than before.
    broken = find_violations(payload, options.version, limit=None)
    linted = find_rule_violations(payload, options.version, ALL_CODES, options.sender, options.now, None)
    return Snapshot(payload, (*broken, *linted))


def edited_payload(payload: Payload, document: dict[str, Any], body: bytes, options: FixOptions) -> Payload:
    """Return a payload with another document and body, which are known to be the same value.

    Raises:
        UnreadablePayload: when the body is beyond the limits.
    """
    check_text(body, options.limits)
    return replace(payload, document=document, body=body, kind=options.kind or kind_of(document))


def violation_key(violation: Violation) -> Key:
    """Return what identifies a violation among those of a payload."""
    return violation.code, violation.pointer, str(violation.data.get("property"))


def apply_fixes(before: Snapshot, options: FixOptions, known: Collection[Key] = ()) -> FixResult:
    """Apply fixes until none is left that may be; those that are `known` to be refused are not tried again."""
    current = before
    applied: list[Violation] = []
    skipped: list[SkippedFix] = []
    tries = iter(range(_MAX_TRIES))
    while True:
        # Found again in every round: a fix may remove or move what others are about.
        waiting = [each for each in current.violations if options.allows(each) and violation_key(each) not in known]
        skipped = []
        done: list[Violation] = []
        # When a whole group is refused, its rivals for the same values get their turn.
        while waiting and not done:
            group, waiting = choose_compatible(waiting)
            current, done, refused = _try_group(current, group, options, tries)
            skipped += refused
        applied += done
        if not done:
            break
    unsafe = (each for each in current.violations if options.selects(each) and not options.allows(each))
    skipped += (SkippedFix(each, UNSAFE) for each in unsafe if violation_key(each) not in known)
    return FixResult(before, current, applied, skipped)


def _try_group(
    current: Snapshot, group: list[Violation], options: FixOptions, tries: Iterator[int]
) -> tuple[Snapshot, list[Violation], list[SkippedFix]]:
    """Apply the fixes of several violations at once, or if that is refused those of each half, down to a single one.

    When no `tries` are left, all of them are refused.
    """
    together = _TOO_MANY if next(tries, None) is None else _apply_group(current, group, options)
    if not isinstance(together, str):
        return *together, []
    if len(group) == 1 or together is _TOO_MANY:
        return current, [], [SkippedFix(each, together) for each in group]
    middle = len(group) // 2
    after, applied, skipped = _try_group(current, group[:middle], options, tries)
    # The fixes of the first half may have moved what the second half is about: its fixes are those found now.
    there = {violation_key(each): each for each in reversed(after.violations) if options.allows(each)}
    others, _ = choose_compatible(there[key] for key in map(violation_key, group[middle:]) if key in there)
    if others:
        after, more, refused = _try_group(after, others, options, tries)
        applied, skipped = applied + more, skipped + refused
    return after, applied, skipped


def _apply_group(
    current: Snapshot, group: list[Violation], options: FixOptions
) -> tuple[Snapshot, list[Violation]] | str:
    """Apply the fixes of violations, and of what they uncover; return why not when they would do harm."""
    expected = current.keys
    applied: list[Violation] = []
    extra: Counter[Key] = Counter()
    for _ in range(_MAX_CHAIN):
        patch = [operation for violation in group if violation.fix for operation in violation.fix.patch]
        document = current.payload.document
        try:
            edited = apply_patch(current.payload.body, patch)
            payload = edited_payload(current.payload, patch_value(document, patch), edited.text, options)
        except PatchError as wrong:
            return str(wrong)
        except UnreadablePayload:
            return _UNREADABLE
        # Null counts as absent, and only unsafe fixes take it away.
        if is_lossy(replace(edited, dropped=tuple(value for value in edited.dropped if value != b"null"))):
            return _LOSES
        after = take_snapshot(payload, options)
        expected = _follow_keys(expected - Counter(map(violation_key, group)), patch, document)
        applied += group
        extra = after.keys - expected
        if not extra:
            return after, applied
        uncovered = [violation for violation in after.violations if violation_key(violation) in extra]
        if _is_revealed(group, uncovered):
            return after, applied
        # What the fixes uncover is no harm only if it can be fixed in turn.
        if not all(options.allows(violation) for violation in uncovered):
            break
        current = after
        group, _ = choose_compatible(uncovered)
    return describe_extra(extra)


def _is_revealed(group: list[Violation], uncovered: list[Violation]) -> bool:
    """Return whether what is wrong after fixes was hidden by errors: rules only look at values of the right type.

    It is milder than the errors were, and says nothing against the fixes, which keep each value where it is.
    """
    return all(violation.severity is Severity.ERROR and _only_replaces(violation) for violation in group) and all(
        violation.severity is not Severity.ERROR for violation in uncovered
    )


def _only_replaces(violation: Violation) -> bool:
    return violation.fix is not None and all(operation["op"] == "replace" for operation in violation.fix.patch)


def _follow_keys(keys: Counter[Key], patch: list[Any], document: dict[str, Any]) -> Counter[Key]:
    """Return the keys of violations once a patch moved what they are about."""
    pointers = relocate((pointer for _, pointer, _ in keys.elements()), patch, document)
    return Counter((code, pointer, name) for (code, _, name), pointer in zip(keys.elements(), pointers, strict=True))


def describe_extra(extra: Counter[Key]) -> str:
    """Return the sentence that names a violation which fixes would cause."""
    code, pointer, _ = min(extra)
    return f"it would cause {code} at {mask_pointer(pointer) or 'the root'}"
