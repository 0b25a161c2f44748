"""Results for people: a line a violation that tools can follow, and below it what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from tcspec.reporters.excerpts import excerpt
from tcspec.reporters.results import FileEnded, Found, RunEnded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result, Source, Tally

Paint = Callable[[str, str], str]
"""Paints a text in a style: `error`, `warning`, `info`, `path`, `detail`, `added` or `removed`."""

Beside = Callable[[FileEnded, Paint], "Iterable[str]"]
"""Tells of a file what a verb found besides violations."""

_LONGEST_SHOWN = 300


def nothing(_: FileEnded, __: Paint) -> Iterable[str]:
    """Tell nothing of a file besides its violations."""
    return ()


def plain(_: str, text: str) -> str:
    """Paint nothing."""
    return text


def render(results: Iterable[Result], paint: Paint = plain, beside: Beside = nothing) -> Iterator[str]:
    """Tell what was found and not expected, and what was expected and not found, then how often each code was."""
    codes: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    for result in results:
        match result:
            case Found(path, violation, expected=False, source=source):
                codes[violation.code] += 1
                severities[violation.severity.value] += 1
                yield from of_violation(path, violation, paint, source)
            case FileEnded(path, _, unmet):
                for code in unmet:
                    yield f"{paint('path', shown(path))}: {paint('error', 'expected')} {code} did not occur\n"
                    yield detail("meaning", _title(code), paint)
                    yield detail("announced", "[tool.tcspec.expect] in pyproject.toml", paint)
                if severities.total() > 1:
                    yield f"{paint('path', shown(path))}: {_totals(severities)}\n"
                severities.clear()
                yield from beside(result, paint)
            case RunEnded() if codes.total() > 1:
                yield from _by_code(codes, paint)


def _totals(severities: Mapping[str, int]) -> str:
    return ", ".join(counted(severities[each], each) for each in ("error", "warning", "info") if severities[each])


def _by_code(codes: Counter[str], paint: Paint) -> Iterator[str]:
    """Tell how often each code was found, the most frequent first."""
    yield "by code:\n"
    for code, count in codes.most_common():
        yield detail(code, f"{count:>7,}  {_title(code)}", paint)


def _title(code: str) -> str:
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - few verbs need the rules to tell what they found

    return EVERY_CODE[code].title if code in EVERY_CODE else ""


def of_violation(path: str, violation: Violation, paint: Paint = plain, source: Source | None = None) -> Iterator[str]:
    """Tell one violation: where, which, how bad and what, the line when it is known, who asks and what to do."""
    place = ":".join(str(part) for part in (shown(path), violation.line, violation.column) if part is not None)
    severity = violation.severity.value
    yield f"{paint('path', place)}: {violation.code} {paint(severity, severity)} {shown(violation.message)}\n"
    yield from _excerpt(violation, source, paint)
    yield detail("at", shown(violation.pointer) or "the root", paint)
    expected = violation.data.get("expected")
    if isinstance(expected, str) and expected not in violation.message:
        yield detail("expected", shown(expected), paint)
    if violation.suggestion:
        yield detail("try", shown(violation.suggestion), paint)
    if violation.fix:
        yield detail("fix", f"{shown(violation.fix.title)} ({'safe' if violation.fix.is_safe else 'unsafe'})", paint)
    yield detail("asked by", f"{violation.source or 'tcspec'} ({violation.basis.value})", paint)


def _excerpt(violation: Violation, source: Source | None, paint: Paint) -> Iterator[str]:
    """Show the line of a violation with a caret below what is wrong."""
    line = excerpt(source, violation) if source else None
    if line:
        number = str(line.number)
        yield paint("detail", f"    {number} | ") + f"{line.text}\n"
        marks = " " * line.indent + paint(violation.severity.value, "^" * line.width)
        yield paint("detail", f"    {' ' * len(number)} | ") + f"{marks}\n"


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
        f"{counted(tally.known, 'known violation')} passed over" if tally.known else "",
        f"{counted(tally.passed_over, 'document')} passed over as no payload" if tally.passed_over else "",
        f"{counted(tally.unreadable, 'file')} could not be read" if tally.unreadable else "",
    )
    return "; ".join(filter(None, (": ".join(filter(None, (seen, told))), *beside)))


def counted(count: int, noun: str) -> str:
    """Name a number of things; nothing when there is none."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""
