"""Settings: which codes are reported and with which severity, and what the payloads are."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tcspec.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tcspec.errors import Violation

OFF = "off"
"""The severity of what is not reported."""

UNREADABLE = ("TC00", "TC01", "TC042")
"""The prefixes of the codes of unreadable documents, which are reported whatever is selected."""

_MAX_COMPARED = 50
_SIMILARITY = 0.6
"""How close a name must be: by less, `info` is suggested for `none`, and `severity` for `version`."""
_LONGEST = 100
"""How many characters a name may have for which a known one is suggested."""


class Settings(NamedTuple):
    """The settings of a command line, of a project, or of some of its files; by default they change nothing.

    `select`, `ignore` and the keys of `severities` are prefixes of codes. A file has to fail with all `expected` codes.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, str] = MappingProxyType({})
    sender: str | None = None
    kind: str | None = None
    expected: frozenset[str] = frozenset()

    def with_defaults(self, defaults: Settings) -> Settings:
        """Return these settings, completed by others; codes that either ignores are ignored."""
        return Settings(
            select=self.select or defaults.select,
            ignore=(*self.ignore, *defaults.ignore),
            severities={**defaults.severities, **self.severities},
            sender=self.sender or defaults.sender,
            kind=self.kind or defaults.kind,
            expected=self.expected or defaults.expected,
        )

    def selects(self, code: str) -> bool:
        """Return whether violations of a code are reported; unreadable documents are, unless their code is ignored."""
        if code.startswith(self.ignore):
            return False
        return not self.select or code.startswith((*self.select, *UNREADABLE))

    def apply_severity(self, violation: Violation) -> Violation | None:
        """Return a violation with the severity that is set for its code; None when that is off."""
        severity = self._severity_of(violation.code)
        if severity is None:
            return violation
        return None if severity == OFF else replace(violation, severity=Severity(severity))

    @property
    def off_codes(self) -> tuple[str, ...]:
        """Return the codes whose severity is off."""
        return tuple(code for code in every_code() if self._severity_of(code) == OFF) if self.severities else ()

    def _severity_of(self, code: str) -> str | None:
        """Return the severity that is set for a code by its longest prefix."""
        matching = [prefix for prefix in self.severities if code.startswith(prefix)]
        return self.severities[max(matching, key=len)] if matching else None


def find_unknown_prefix(prefixes: Iterable[str]) -> str | None:
    """Return the first prefix that no code starts with; the empty one counts as unknown."""
    return next(
        (each for each in prefixes if not each or not any(code.startswith(each) for code in every_code())), None
    )


def every_code() -> Collection[str]:
    """Return the codes of the contract, of transport and of the rules."""
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - most runs need no rules to know their settings

    return EVERY_CODE


def format_suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a message that suggests the known name closest to an unknown one; empty when none is close."""
    if len(name) > _LONGEST:
        return ""  # no name that tcspec knows is close, and comparing takes quadratic time
    import difflib  # noqa: PLC0415 - only errors need it

    close = difflib.get_close_matches(name, known, n=_MAX_COMPARED, cutoff=_SIMILARITY)
    if not close:
        return ""
    return f"; did you mean {max(sorted(close), key=lambda each: _similarity(name, each))}?"


def _similarity(name: str, known: str) -> tuple[float, int]:
    """Return how similar two names are, and how many of their first letters are equal."""
    import difflib  # noqa: PLC0415 - as above

    equal = takewhile(bool, (one == other for one, other in zip(name, known, strict=False)))
    return difflib.SequenceMatcher(None, known, name).ratio(), sum(equal)
