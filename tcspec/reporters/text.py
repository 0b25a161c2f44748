"""Results for people: a line a violation that tools can follow, and below it what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from tcspec.reporters.excerpts import excerpt
from tcspec.reporters.results import FileFinished, RunFinished, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result, Source, Tally

Paint = Callable[[str, str], str]
"""Paints a text in a style: `error`, `warning`, `info`, `path`, `format_detail`, `added` or `removed`."""

Beside = Callable[[FileFinished, Paint], "Iterable[str]"]
"""Tells of a file what a verb found besides violations."""

_LONGEST_SHOWN = 300


def nothing(_: FileFinished, __: Paint) -> Iterable[str]:
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
            case ViolationResult(path, violation, expected=False, source=source):
                codes[violation.code] += 1
                severities[violation.severity.value] += 1
                yield from format_violation(path, violation, paint, source)
            case FileFinished(path, _, unmet):
                for code in unmet:
                    yield f"{paint('path', printable(path))}: {paint('error', 'expected')} {code} did not occur\n"
                    yield format_detail("meaning", _title(code), paint)
                    yield format_detail("announced", "[tool.tcspec.expect] in pyproject.toml", paint)
                if severities.total() > 1:
                    yield f"{paint('path', printable(path))}: {_totals(severities)}\n"
                severities.clear()
                yield from beside(result, paint)
            case RunFinished() if codes.total() > 1:
                yield from _by_code(codes, paint)


def _totals(severities: Mapping[str, int]) -> str:
    return ", ".join(format_count(severities[each], each) for each in ("error", "warning", "info") if severities[each])


def _by_code(codes: Counter[str], paint: Paint) -> Iterator[str]:
    """Tell how often each code was found, the most frequent first."""
    yield "by code:\n"
    for code, count in codes.most_common():
        yield format_detail(code, f"{count:>7,}  {_title(code)}", paint)


def _title(code: str) -> str:
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - few verbs need the rules to tell what they found

    return EVERY_CODE[code].title if code in EVERY_CODE else ""


def format_violation(
    path: str, violation: Violation, paint: Paint = plain, source: Source | None = None
) -> Iterator[str]:
    """Tell one violation: where, which, how bad and what, the line when it is known, who asks and what to do."""
    place = ":".join(str(part) for part in (printable(path), violation.line, violation.column) if part is not None)
    severity = violation.severity.value
    yield f"{paint('path', place)}: {violation.code} {paint(severity, severity)} {printable(violation.message)}\n"
    yield from _excerpt(violation, source, paint)
    yield format_detail("at", printable(violation.pointer) or "the root", paint)
    expected = violation.data.get("expected")
    if isinstance(expected, str) and expected not in violation.message:
        yield format_detail("expected", printable(expected), paint)
    if violation.hint:
        yield format_detail("try", printable(violation.hint), paint)
    if violation.fix:
        yield format_detail(
            "fix", f"{printable(violation.fix.title)} ({'safe' if violation.fix.is_safe else 'unsafe'})", paint
        )
    yield format_detail("asked by", f"{violation.source or 'tcspec'} ({violation.basis.value})", paint)


def _excerpt(violation: Violation, source: Source | None, paint: Paint) -> Iterator[str]:
    """Show the line of a violation with a caret below what is wrong."""
    line = excerpt(source, violation) if source else None
    if line:
        number = str(line.number)
        yield paint("detail", f"    {number} | ") + f"{line.text}\n"
        marks = " " * line.indent + paint(violation.severity.value, "^" * line.width)
        yield paint("detail", f"    {' ' * len(number)} | ") + f"{marks}\n"


def format_detail(name: str, text: str, paint: Paint) -> str:
    """Tell one thing about what stands above."""
    return paint("detail", f"    {name:<10}") + f"{text}\n"


def printable(text: str) -> str:
    """Make a text from outside safe to show: on one line, without control characters, and not too long."""
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[: _LONGEST_SHOWN - 1]}…"
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def summary(tally: Tally) -> str:
    """Tell how a run went, in one sentence."""
    clauses = [
        format_count(tally.error, "error"),
        format_count(tally.warning, "warning"),
        format_count(tally.info, "info"),
        f"{tally.unmet:,} expected but missing" if tally.unmet else "",
    ]
    seen = (
        f"{format_count(tally.payloads, 'payload') or 'no payload'} in {format_count(tally.files, 'file') or 'no file'}"
    )
    told = ", ".join(filter(None, clauses)) or ("nothing wrong" if tally.payloads else "")
    beside = (
        f"{format_count(tally.expected, 'violation')} as expected" if tally.expected else "",
        f"{format_count(tally.known, 'known violation')} passed over" if tally.known else "",
        f"{format_count(tally.passed_over, 'document')} passed over as no payload" if tally.passed_over else "",
        f"{format_count(tally.unreadable, 'file')} could not be read" if tally.unreadable else "",
    )
    return "; ".join(filter(None, (": ".join(filter(None, (seen, told))), *beside)))


def format_count(count: int, noun: str) -> str:
    """Name a number of things; nothing when there is none."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""
