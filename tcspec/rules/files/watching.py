"""Watch the payloads of one file or request go by, and tell what only shows when they are held against each other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.documents import LIMITS, Limits
from tcspec.errors import UnknownKind, UnreadablePayload
from tcspec.payloads import read_payload
from tcspec.rules.linting import below, subjects_in
from tcspec.rules.table import EVERY_CODE, STREAM_RULES
from tcspec.validation import in_order
from tcspec.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.errors import Violation
    from tcspec.payloads import Payload
    from tcspec.rules.files.streams import See, StreamRule


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch over one file: its rules, each with what it remembers."""

    _watches: tuple[tuple[StreamRule, See], ...]
    _limits: Limits

    def see(self, payload: Payload, kind: str | None = None, line: int = 1) -> list[Violation]:
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
        if not self._watches:
            return []
        try:
            given = read_payload(payload, kind, self._limits)
        except UnreadablePayload:
            return []
        violations = [
            below(place, rule.told(finding))
            for place, subject in subjects_in(given, None, time.time_ns() // 1_000_000)
            for rule, see in self._watches
            if subject.version.kind in rule.kinds
            for finding in see(line, subject)
        ]
        return given.placed(sorted(violations, key=in_order))


def watch_all(select: Iterable[str] = (), ignore: Iterable[str] = (), *, limits: Limits = LIMITS) -> Watching:
    """Start a watch over one file.

    Args:
        select: codes, or beginnings of codes, of the rules that watch; by default all do.
        ignore: codes, or beginnings of codes, of rules that do not.
        limits: what bounds the depth and the length of a document.

    Raises:
        UnknownKind: when no code begins so.
    """
    wanted, unwanted = tuple(select), tuple(ignore)
    for prefix in (*wanted, *unwanted):
        if not any(code.startswith(prefix) for code in EVERY_CODE):
            raise UnknownKind(prefix, tuple(EVERY_CODE))
    return Watching(
        tuple(
            (rule, rule.start())
            for code, rule in STREAM_RULES.items()
            if (not wanted or code.startswith(wanted)) and not (unwanted and code.startswith(unwanted))
        ),
        limits,
    )
