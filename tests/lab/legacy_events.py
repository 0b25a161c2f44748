"""Legacy events for large stores, and what each is migrated to."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.corpus import Corpus
from migrating import reasons_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROKEN = 0.01
"""The share of events that are unreadable, or do not meet the contract."""


DRAWN = 50_000
"""How many events are drawn; more of them are the same ones, with other ids."""
_ID = re.compile(r"[0-9a-f]{8}(?=-[0-9a-f]{4}-)")


def draw_events(count: int) -> Iterator[str]:
    """Yield legacy events; all are Unicode, which tables and rows of JSON need."""
    texts = (line.text for line in Corpus("legacy", min(count, DRAWN), broken=BROKEN))
    drawn = [text.decode() for text in texts if _is_unicode(text)]
    for number, text in zip(range(count), cycle(drawn)):
        yield text if number < len(drawn) else _ID.sub(f"{number:08x}", text)


def _is_unicode(text: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        return bool(text.decode())
    return False


class Event(NamedTuple):
    """A stored event: its number, its text before, and after the migration; None when it is rejected."""

    number: int
    before: str
    after: str | None

    @property
    def day(self) -> str:
        """Return what else a row of it has."""
        return f"2021-{1 + self.number % 12:02} é"

    @property
    def row(self) -> tuple[int, str, str]:
        """Return the row of a table that has it, before the migration."""
        return self.number, self.before, self.day

    @property
    def migrated_row(self) -> tuple[int, str, str]:
        """Return the row of a table that has it, after a migration in place."""
        return self.number, self.before if self.after is None else self.after, self.day


@dataclass
class Reference:
    """The events of all stores as lines, and what they are migrated to as lines, without an interruption."""

    folder: Path

    def __post_init__(self) -> None:
        self.events, self.migrated = (self.folder / f"{name}.ndjson" for name in ("events", "migrated"))
        self.rejects = self.folder / "rejects.ndjson"

    def write(self, count: int) -> None:
        """Write the events."""
        with self.events.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{text}\n" for text in draw_events(count))

    @property
    def growth(self) -> float:
        """Return how many times longer the events are once they are migrated."""
        return self.migrated.stat().st_size / self.events.stat().st_size

    def iter_events(self) -> Iterator[Event]:
        """Yield the events as they are stored."""
        with self.events.open(encoding="utf-8", newline="\n") as file:
            yield from (Event(number, line.removesuffix("\n"), None) for number, line in enumerate(file, 1))

    def iter_migrated(self) -> Iterator[Event]:
        """Yield the events, with what became of each."""
        with (
            self.migrated.open(encoding="utf-8", newline="\n") as migrated,
            reasons_of(self.rejects).open(encoding="utf-8") as reasons,
        ):
            rejected = (json.loads(reason)["line"] for reason in reasons)
            next_rejected = next(rejected, None)
            for event in self.iter_events():
                if event.number == next_rejected:
                    next_rejected = next(rejected, None)
                    yield event
                else:
                    yield event._replace(after=next(migrated).removesuffix("\n"))
