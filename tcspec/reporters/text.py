"""Results for people: a line a violation that tools can follow, and below it what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tcspec.codes import CODES
from tcspec.reporters.results import FileEnded, Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result, Tally

Paint = Callable[[str, str], str]
"""Paints a text in a style: `error`, `warning`, `info`, `path`, `detail`, `added` or `removed`."""

_LONGEST_SHOWN = 300


def plain(_: str, text: str) -> str:
    """Paint nothing."""
    return text


def render(results: Iterable[Result], paint: Paint = plain) -> Iterator[str]:
    """Tell what was found and not expected, and what was expected and not found."""
    for result in results:
        match result:
            case Found(path, violation, expected=False):
                yield from of_violation(path, violation, paint)
            case FileEnded(path, _, unmet):
                for code in unmet:
                    yield f"{paint('path', shown(path))}: {paint('error', 'expected')} {code} did not occur\n"
                    yield detail("meaning", CODES[code].title, paint)
                    yield detail("announced", "[tool.tcspec.expect] in pyproject.toml", paint)


def of_violation(path: str, violation: Violation, paint: Paint = plain) -> Iterator[str]:
    """Tell one violation: where, which, how bad and what, then who asks and what to do."""
    place = ":".join(str(part) for part in (shown(path), violation.line, violation.column) if part is not None)
    severity = violation.severity.value
    yield f"{paint('path', place)}: {violation.code} {paint(severity, severity)} {shown(violation.message)}\n"
    yield detail("at", shown(violation.pointer) or "the root", paint)
    expected = violation.data.get("expected")
    if isinstance(expected, str) and expected not in violation.message:
        yield detail("expected", shown(expected), paint)
    if violation.suggestion:
        yield detail("try", shown(violation.suggestion), paint)
    yield detail("asked by", f"{violation.source or 'tcspec'} ({violation.basis.value})", paint)


def detail(name: str, text: str, paint: Paint) -> str:
    """Tell one thing about what stands above."""
    return paint("detail", f"    {name:<10}") + f"{text}\n"


def shown(text: str) -> str:
    """Make a text from outside safe to show: on one line, without control characters, and not too long."""
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[: _LONGEST_SHOWN - 1]}…"
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def summary(tally: Tally) -> str:
    """Tell how a run went, in one sentence."""
    clauses = [
        counted(tally.error, "error"),
        counted(tally.warning, "warning"),
        counted(tally.info, "info"),
        f"{tally.unmet:,} expected but missing" if tally.unmet else "",
    ]
    seen = f"{counted(tally.payloads, 'payload') or 'no payload'} in {counted(tally.files, 'file') or 'no file'}"
    told = ", ".join(filter(None, clauses)) or ("nothing wrong" if tally.payloads else "")
    beside = (
        f"{counted(tally.expected, 'violation')} as expected" if tally.expected else "",
        f"{counted(tally.passed_over, 'document')} passed over as no payload" if tally.passed_over else "",
        f"{counted(tally.unreadable, 'file')} could not be read" if tally.unreadable else "",
    )
    return "; ".join(filter(None, (": ".join(filter(None, (seen, told))), *beside)))


def counted(count: int, noun: str) -> str:
    """Name a number of things; nothing when there is none."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""
