"""Apply the fixes of a payload one by one: none after which a value is gone, or something else is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.patch import PatchError, apply_patch
from tcspec.jsontext.reader import Limits, read_object
from tcspec.jsontext.relocation import is_lossy, relocate
from tcspec.rules.fixes.conflicts import choose_compatible
from tcspec.rules.linting import lint
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Collection

    from tcspec.errors import Violation

    Key = tuple[str, str, str]

UNSAFE = "its fix may change what the payload means"
_LOSES = "its fix would lose information"
_UNREADABLE = "the payload could not be read any more"
_ROUNDS = 200
"""How often a payload is looked at for more to fix, at most."""
_CHAIN = 4
"""How many fixes may follow from one another, as milliseconds follow from a time that found its place."""


@dataclass(frozen=True, slots=True)
class Left:
    """A violation whose fix was not applied, and why."""

    violation: Violation
    reason: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What may be applied, and how payloads are looked at."""

    unsafe: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    sender: str | None
    kind: str | None
    limits: Limits
    now: int

    def wants(self, violation: Violation) -> bool:
        """Tell whether a violation has a fix and one of the codes that are to be fixed."""
        code = violation.code
        is_chosen = (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)
        return violation.fix is not None and is_chosen

    def may(self, violation: Violation) -> bool:
        """Tell whether the fix of a violation may be applied."""
        return self.wants(violation) and violation.fix is not None and (self.unsafe or violation.fix.is_safe)


@dataclass(frozen=True, slots=True)
class Seen:
    """A payload as a JSON text, and everything that is wrong with it."""

    text: bytes
    violations: tuple[Violation, ...]

    @property
    def keys(self) -> Counter[Key]:
        """Count violations by what tells them apart."""
        return Counter(map(key_of, self.violations))


@dataclass(frozen=True, slots=True)
class Run:
    """How fixing went: what was seen before and after, what was applied, and what was left."""

    before: Seen
    after: Seen
    applied: list[Violation]
    left: list[Left]


def look(text: bytes, demand: Demand) -> Seen:
    """Find everything that is wrong with a payload, as it weighs without the white space of its text."""
    document = read_object(text, demand.limits)
    broken = validate(document, demand.kind, limits=demand.limits)
    found = lint(document, sender=demand.sender, kind=demand.kind, limits=demand.limits, now=demand.now)
    return Seen(text, (*broken, *found))


def key_of(violation: Violation) -> Key:
    """Give what tells a violation from others."""
    return violation.code, violation.pointer, str(violation.data.get("property"))


def apply_fixes(seen: Seen, demand: Demand, known: Collection[Key] = ()) -> Run:
    """Apply fixes until none is left that may be; those that are `known` to be refused are not tried again."""
    before = seen
    applied: list[Violation] = []
    left: list[Left] = []
    for _ in range(_ROUNDS):
        waiting = [each for each in seen.violations if demand.may(each) and key_of(each) not in known]
        left = []
        done: list[Violation] = []
        while waiting and not done:
            group, waiting = choose_compatible(waiting)
            seen, done, refused = _try(seen, group, demand)
            left += refused
        applied += done
        if not done:
            break
    unsafe = (each for each in seen.violations if demand.wants(each) and not demand.may(each))
    left += (Left(each, UNSAFE) for each in unsafe if key_of(each) not in known)
    return Run(before, seen, applied, left)


def _try(seen: Seen, group: list[Violation], demand: Demand) -> tuple[Seen, list[Violation], list[Left]]:
    """Apply the fixes of several violations at once, or if that is refused those of each half, down to a single one."""
    together = _apply(seen, group, demand)
    if not isinstance(together, str):
        return *together, []
    if len(group) == 1:
        return seen, [], [Left(group[0], together)]
    middle = len(group) // 2
    after, applied, left = _try(seen, group[:middle], demand)
    there = {key_of(each): each for each in reversed(after.violations) if demand.may(each)}
    others, _ = choose_compatible(there[key] for key in map(key_of, group[middle:]) if key in there)
    if others:
        after, more, refused = _try(after, others, demand)
        applied, left = applied + more, left + refused
    return after, applied, left


def _apply(seen: Seen, group: list[Violation], demand: Demand) -> tuple[Seen, list[Violation]] | str:
    """Apply the fixes of violations, and of what is found only then; say why when something would be lost or wrong."""
    expected = seen.keys
    applied: list[Violation] = []
    extra: Counter[Key] = Counter()
    for _ in range(_CHAIN):
        patch = [operation for violation in group if violation.fix for operation in violation.fix.patch]
        try:
            edited = apply_patch(seen.text, patch)
            after = look(edited.text, demand)
        except PatchError as wrong:
            return str(wrong)
        except UnreadablePayload:
            return _UNREADABLE
        if is_lossy(edited):
            return _LOSES
        document = read_object(seen.text, demand.limits)
        expected = _carried(expected - Counter(map(key_of, group)), patch, document)
        applied += group
        extra = after.keys - expected
        if not extra:
            return after, applied
        found = [violation for violation in after.violations if key_of(violation) in extra]
        if not all(demand.may(violation) for violation in found):
            break
        seen = after
        group, _ = choose_compatible(found)
    return finds(extra)


def _carried(keys: Counter[Key], patch: list[Any], document: dict[str, Any]) -> Counter[Key]:
    """Say where violations are to be looked for once a patch moved what they are about."""
    there = relocate((pointer for _, pointer, _ in keys.elements()), patch, document)
    return Counter((code, place, name) for (code, _, name), place in zip(keys.elements(), there, strict=True))


def finds(extra: Counter[Key]) -> str:
    """Say which violation would be new."""
    code, pointer, _ = min(extra)
    return f"{code} would be found at {pointer or 'the root'}"
