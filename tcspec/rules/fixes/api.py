"""Apply the fixes of what is wrong with a payload, and leave every other byte of it as it is."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec.detection import is_pixel, kind_of
from tcspec.jsontext.encoder import encode
from tcspec.jsontext.positions import Span, find_span, iter_children
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read_object, require_object
from tcspec.rules.fixes.applying import Demand, Left, Run, Seen, apply_fixes, finds, key_of, look
from tcspec.rules.linting import nest, select_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.errors import Violation
    from tcspec.rules.fixes.applying import Key


@dataclass(frozen=True, slots=True)
class Fixed:
    """A payload after its fixes: its JSON text, the violations whose fixes were applied, in order, and the others.

    What was applied is told as it was found; violations that have no fix are not told.
    """

    text: bytes
    applied: tuple[Violation, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def payload(self) -> dict[str, Any]:
        """Read the payload.

        Raises:
            UnreadablePayload: when it is the call of a pixel, or beyond the default limits.
        """
        return read_object(self.text)


def fix_json(  # noqa: PLR0913 - the public contract
    raw: bytes,
    *,
    unsafe: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    sender: str | None = None,
    kind: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> Fixed:
    """Apply the fixes of what is wrong with a JSON text; what they do not touch stays byte for byte.

    A fix is left, and told, when after it something would be wrong that was not before, or a value be nowhere any
    more. Fixing what was fixed changes nothing. The call of a pixel is no JSON and comes back as it is.

    Args:
        raw: the JSON document of a payload.
        unsafe: whether fixes are applied that may change what the payload means, or guess.
        select: codes, or beginnings of codes, that are fixed; by default all are.
        ignore: codes, or beginnings of codes, that are not.
        sender: `server`, `web` or `mobile`; by default what the dialect of an event shows.
        kind: what the payload is; by default it is detected.
        limits: what bounds the depth and the length of the document.
        now: the time in epoch milliseconds that counts as the present; by default that of the clock.

    Raises:
        UnreadablePayload: when the text is no JSON object within the limits.
        UnknownKind: when tcspec knows no such kind or sender, or no code begins so.
    """
    select, ignore = tuple(select), tuple(ignore)
    select_rules(select, ignore)
    present = time.time_ns() // 1_000_000 if now is None else now
    demand = Demand(unsafe, select, ignore, sender, kind, limits, present)
    if is_pixel(raw, kind):
        return Fixed(raw)
    is_batch = (kind or kind_of(read_object(raw, limits))) == "batch"
    run = (_fix_batch if is_batch else apply_fixes)(look(raw, demand), demand)
    return Fixed(run.after.text, tuple(run.applied), tuple(run.left))


def fixed(payload: dict[str, Any], **options: Any) -> Fixed:  # noqa: ANN401 - the options of fix_json
    """Apply the fixes of what is wrong with a payload that is a dict, which stays as it is; see `fix_json`.

    Raises:
        UnreadablePayload: when something in the payload has no JSON form, or it is nested too deep.
        UnknownKind: when tcspec knows no such kind or sender, or no code begins so.
    """
    return fix_json(encode(require_object(payload), options.get("limits", DEFAULT_LIMITS).depth), **options)


def _fix_batch(seen: Seen, demand: Demand) -> Run:
    """Fix the events of a batch one by one, then what is wrong with the batch as a whole."""
    text = seen.text.decode()
    runs: dict[str, Run] = {}
    pieces: list[str] = []
    end = 0
    for event in _events(text):
        own = replace(demand, kind="event")
        run = apply_fixes(look(text[event.start : event.end].encode(), own), own)
        runs[f"/batch/{event.name}"] = run
        pieces += (text[end : event.start], run.after.text.decode())
        end = event.end
    applied = [nest(place, violation) for place, run in runs.items() for violation in run.applied]
    left = [Left(nest(place, each.violation), each.reason) for place, run in runs.items() for each in run.left]
    after = look("".join([*pieces, text[end:]]).encode(), demand) if applied else seen
    extra = _of_whole(after, {place: run.after for place, run in runs.items()}) - _of_whole(
        seen, {place: run.before for place, run in runs.items()}
    )
    if extra:
        return Run(seen, seen, [], [*(Left(violation, finds(extra)) for violation in applied), *left])
    whole = apply_fixes(after, demand, {key_of(each.violation) for each in left})
    return Run(seen, whole.after, [*applied, *whole.applied], [*left, *whole.left])


def _events(text: str) -> list[Span]:
    """Find the objects among the events of a batch."""
    try:
        holder = find_span(text, ("batch",))
    except LookupError:
        return []
    return [node for node in iter_children(text, holder) if text[holder.start] == "[" and text[node.start] == "{"]


def _of_whole(batch: Seen, events: dict[str, Seen]) -> Counter[Key]:
    """Count what is wrong with a batch beside what is wrong with each event by itself."""
    own = (key_of(nest(place, violation)) for place, seen in events.items() for violation in seen.violations)
    return batch.keys - Counter(own)
