"""Write realistic events, one a line: `python -m benchmarks.corpus --events 20000 --kind legacy > events.ndjson`.

The same seed gives the same bytes. Statistics go to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.dialects import CLEAN, KINDS
from benchmarks.notations import SHARES, UNREADABLE, shuffle_keys, write
from benchmarks.shop import Object, draw_occurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHUFFLED = 0.1
"""The share of events whose keys are in any order."""


class Line(NamedTuple):
    """A line of a corpus, without its end, and what it is: `damage` is None when its event is valid."""

    text: bytes
    event_name: str
    dialect: str
    notation: str
    damage: str | None


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a corpus is like.

    `kind` is `legacy` or `current`, `broken` the share of events that are unreadable or do not meet the contract (for
    legacy ones, once they are upgraded), `notations` how common each notation is. `dialects` are all of the kind when
    none is named.
    """

    kind: str
    events: int
    seed: int = 0
    broken: float = 0.0
    notations: Mapping[str, int] = field(default_factory=lambda: SHARES)
    dialects: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Line]:
        random = Random(f"{self.seed} {self.kind}")  # noqa: S311 - events, not secrets
        known = KINDS[self.kind]
        dialects = {name: known[name] for name in self.dialects or known}
        shares = [share for share, _ in dialects.values()]
        for _ in range(self.events):
            occurrence = draw_occurrence(random)
            dialect = random.choices(tuple(dialects), shares)[0]
            notation = random.choices(tuple(self.notations), tuple(self.notations.values()))[0]
            event = dialects[dialect][1](occurrence)
            if random.random() < SHUFFLED:
                event = shuffle_keys(random, event)
            damage = random.choice((*_WRONG, *UNREADABLE)) if random.random() < self.broken else None
            if damage in _WRONG:
                event = _WRONG[damage](event)
            text = write(event, notation)
            if damage in UNREADABLE:
                text = UNREADABLE[damage](text)
            yield Line(text, occurrence.name, dialect, notation, damage)


def _without_user(event: Object) -> Object:
    properties = {key: value for key, value in event.get("properties", {}).items() if key != "user"}
    rest = {key: value for key, value in event.items() if key != "user"}
    return rest | ({"properties": properties} if "properties" in event else {})


def _with_user_list(event: Object) -> Object:
    rest = _without_user(event)
    return rest | (
        {"properties": rest["properties"] | {"user": ["c-1"]}} if "properties" in rest else {"user": ["c-1"]}
    )


def _without_id(event: Object) -> Object:
    keys = ("event_id", "eventId")
    context = {key: value for key, value in event.get("context", {}).items() if key not in keys}
    rest = {key: value for key, value in event.items() if key not in keys}
    return rest | ({"context": context} if "context" in event else {})


def _with_name_list(event: Object) -> Object:
    return {key: ([value] if key in ("event", "event_name") else value) for key, value in event.items()}


_WRONG = {
    "no user": _without_user,
    "user is a list": _with_user_list,
    "no event_id": _without_id,
    "name is a list": _with_name_list,
}
"""Damages after which an event can be read, and does not meet the contract."""


def write_lines(lines: Iterable[Line]) -> bytes:
    """Return the lines of a corpus as a file."""
    return b"".join(line.text + b"\n" for line in lines)


def describe(lines: Iterable[Line]) -> dict[str, Any]:
    """Return the statistics of a corpus: counts by what lines are, and sizes in bytes without the ends of lines."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("event_name", "dialect", "notation", "damage")}
    sizes = []
    for line in lines:
        sizes.append(len(line.text))
        for name, counter in counts.items():
            counter[getattr(line, name) or "none"] += 1
    sizes.sort()
    spread = {f"p{part}": sizes[len(sizes) * part // 100] for part in (1, 10, 50, 90, 99)}
    return {
        "events": len(sizes),
        "bytes": sum(sizes) + len(sizes),
        "size": {"mean": round(sum(sizes) / len(sizes)), "least": sizes[0], **spread, "most": sizes[-1]},
        **{name: dict(counter.most_common()) for name, counter in counts.items()},
    }


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=20_000, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=tuple(KINDS), default="legacy")
    parser.add_argument("--broken", type=float, default=0.0, metavar="SHARE", help="from 0 to 1")
    parser.add_argument("--notation", choices=tuple(SHARES), help="write all events so, instead of a mix")
    parser.add_argument("--clean", action="store_true", help="only dialects about which no rule has a hint")
    return parser.parse_args()


if __name__ == "__main__":
    given = _read_arguments()
    shares = {given.notation: 1} if given.notation else SHARES
    dialects = CLEAN if given.clean else ()
    corpus = list(Corpus(given.kind, given.events, given.seed, given.broken, shares, dialects))
    sys.stdout.buffer.write(write_lines(corpus))
    print(json.dumps(describe(corpus), indent=2), file=sys.stderr)
