"""What is asked of some payloads: which codes are told, how bad they are, who sends, and what must go wrong."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from tcspec.errors import Severity
from tcspec.rules.registry import EVERY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.errors import Violation

OFF = "off"
"""The severity of what is not told at all."""

_LOOKED_AT = 50

UNREADABLE = ("TC00", "TC01", "TC042")
"""How the codes of documents begin that cannot be read: they are told whatever is selected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of payloads by a command line, by a project, or of some of its files; nothing by default.

    `select`, `ignore` and the keys of `severities` are beginnings of codes. `expected` are the codes with which a file
    must fail.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    sender: str | None = None
    kind: str | None = None
    expected: frozenset[str] = frozenset()

    def over(self, other: Settings) -> Settings:
        """Lay these settings over others: what they say wins, and codes that either ignores are ignored."""
        return Settings(
            select=self.select or other.select,
            ignore=(*self.ignore, *other.ignore),
            severities={**other.severities, **self.severities},
            sender=self.sender or other.sender,
            kind=self.kind or other.kind,
            expected=self.expected or other.expected,
        )

    def wants(self, code: str) -> bool:
        """Tell whether violations of a code are told; that a document is unreadable is told unless it is ignored."""
        if code.startswith(self.ignore):
            return False
        return not self.select or code.startswith((*self.select, *UNREADABLE))

    def graded(self, violation: Violation) -> Violation | None:
        """Give a violation the severity that is asked for; None when it is off."""
        severity = self._severity_of(violation.code)
        if severity is None:
            return violation
        return None if severity == OFF else replace(violation, severity=Severity(severity))

    @property
    def off(self) -> tuple[str, ...]:
        """List the codes that are off."""
        return tuple(code for code in EVERY_CODE if self._severity_of(code) == OFF) if self.severities else ()

    def _severity_of(self, code: str) -> str | None:
        """Find the severity that is asked for; the longest beginning of the code decides."""
        fitting = [prefix for prefix in self.severities if code.startswith(prefix)]
        return self.severities[max(fitting, key=len)] if fitting else None


def unknown_prefix(prefixes: Iterable[str]) -> str | None:
    """Find the first of some beginnings with which no code begins."""
    return next((each for each in prefixes if not each or not any(code.startswith(each) for code in EVERY_CODE)), None)


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Name what is close to something that does not exist, as the end of a sentence; nothing when nothing is."""
    close = difflib.get_close_matches(given, known, n=_LOOKED_AT, cutoff=0.5)
    if not close:
        return ""
    return f"; did you mean {max(sorted(close), key=lambda each: _likeness(given, each))}?"


def _likeness(given: str, known: str) -> tuple[float, int]:
    """Tell how alike two words are, and how many of their first letters are the same."""
    alike = takewhile(bool, (one == other for one, other in zip(given, known, strict=False)))
    return difflib.SequenceMatcher(None, known, given).ratio(), sum(alike)
