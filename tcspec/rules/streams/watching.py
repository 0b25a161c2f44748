"""Watch the payloads of one file or request go by, and tell what only shows when they are held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import version_of
from tcspec.payload import read_payload
from tcspec.rules.linting import contexts_in, nest, select_codes
from tcspec.rules.registry import STREAM_RULES
from tcspec.validation import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.payload import Payload, PayloadLike
    from tcspec.rules.rule import StreamCheck, StreamRule

_ANYBODY, _ANY_TIME = "server", 0
"""No watch asks who sends a payload, or when it is looked at."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch over one file: its rules, each with what it remembers."""

    _watches: tuple[tuple[StreamRule, StreamCheck], ...]
    _limits: Limits

    def see(self, payload: PayloadLike, kind: str | None = None, line: int = 1) -> list[Violation]:
        """Look at the next payload of the file; nothing is said of one that cannot be read.

        Args:
            payload: a dict, or the JSON document as bytes or text, whose violations then carry line and column.
            kind: what the payload is; by default it is detected.
            line: on which line of the file the payload starts; it is told of later ones that are held against it.

        Raises:
            UnknownKind: when tcspec knows no such kind.
        """
        if kind is not None:
            version_of(kind)
        try:
            given = read_payload(payload, kind, self._limits)
        except UnreadablePayload:
            return []
        return given.placed(sorted(self.look(given, line), key=sort_key))

    def look(self, given: Payload, line: int) -> Iterator[Violation]:
        """Look at the next payload once it was read, as `see` does; in no order, and without lines of its own."""
        if not self._watches:
            return
        for place, subject in contexts_in(given, _ANYBODY, _ANY_TIME):
            for rule, see in self._watches:
                if subject.version.kind in rule.kinds:
                    yield from (nest(place, rule.to_violation(finding)) for finding in see(line, subject))


def watch_all(select: Iterable[str] = (), ignore: Iterable[str] = (), *, limits: Limits = DEFAULT_LIMITS) -> Watching:
    """Start a watch over one file.

    Args:
        select: codes, or beginnings of codes, of the rules that watch; by default all do.
        ignore: codes, or beginnings of codes, of rules that do not.
        limits: what bounds the depth and the length of a document.

    Raises:
        UnknownKind: when no code begins so.
    """
    codes = select_codes(STREAM_RULES, tuple(select), tuple(ignore))
    return Watching(tuple((STREAM_RULES[code], STREAM_RULES[code].start()) for code in codes), limits)
