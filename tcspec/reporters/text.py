"""Results for people: `path:line:col: CODE severity: message`, and below it only what helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from tcspec.personal import mask_pointer
from tcspec.reporters.printing import Colorize, plain
from tcspec.reporters.results import UNMET, FileFinished, RunFinished, ViolationResult
from tcspec.sources import expand_source, find_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Severity, Violation
    from tcspec.reporters.results import Result, SourceText, Tally

FormatDetails = Callable[[FileFinished, Colorize], "Iterable[str]"]
"""Yields the lines that a command adds to a file, besides its violations."""

_INDENT = " " * 4


def no_details(_: FileFinished, __: Colorize) -> Iterable[str]:
    """Yield nothing: the command adds nothing to a file."""
    return ()


def render(
    results: Iterable[Result],
    colorize: Colorize = plain,
    details: FormatDetails = no_details,
    *,
    longest: int | None = None,
    quiet: bool = False,
) -> Iterator[str]:
    """Yield the violations that are not expected and the expectations that are unmet, then the counts by code.

    Args:
        results: what the run finds.
        colorize: colours parts of a line.
        details: the lines that the command adds to a file.
        longest: how many violations of a code and severity are listed; the others are counted. None lists all.
        quiet: whether the counts of files and codes are left out.
    """
    codes: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    listed: Counter[tuple[str, Severity]] = Counter()
    hidden: Counter[str] = Counter()
    is_in_list = False
    for result in results:
        match result:
            case ViolationResult(path, violation, expected=False, source=source):
                # By severity too: a code of few errors and many warnings must not hide the errors.
                key = violation.code, violation.severity
                if longest is None or listed[key] < longest:
                    yield from format_violation(path, violation, colorize, source, with_docs=not codes[violation.code])
                    is_in_list = True
                else:
                    hidden[violation.code] += violation.count
                listed[key] += 1
                codes[violation.code] += violation.count
                severities[violation.severity.value] += violation.count
            case FileFinished(path):
                # That a file is unreadable is an error of the run, which goes to stderr at once.
                for violation in result.violations():
                    if violation.code == UNMET.id:
                        code = violation.data["expected"]
                        yield from format_violation(path, violation, colorize)
                        yield _format_note(code, _title(code), colorize)
                # Of thousands of files with the same violations only the first ones are worth a line.
                if severities.total() > 1 and is_in_list and not quiet:
                    yield f"{colorize('path', path)}: {_format_severities(severities)}\n"
                severities.clear()
                is_in_list = False
                yield from details(result, colorize)
            case RunFinished():
                yield from _format_hidden(hidden, colorize)
                if codes.total() > 1 and not quiet:
                    yield from _by_code(codes, colorize)


def _format_severities(severities: Mapping[str, int]) -> str:
    return ", ".join(format_count(severities[each], each) for each in ("error", "warning", "info") if severities[each])


def _format_hidden(hidden: Counter[str], colorize: Colorize) -> Iterator[str]:
    """Yield how many violations of each code are not listed."""
    for code, count in hidden.most_common():
        yield f"and {count:,} more of {colorize('path', code)}\n"
    if hidden:
        yield _format_note("help", "--show-all lists all of them, --statistics counts them", colorize)


def _by_code(codes: Counter[str], colorize: Colorize) -> Iterator[str]:
    """Yield how often each code occurred, the most frequent first."""
    yield "by code (`tcspec rules CODE` explains one):\n"
    for code, count in codes.most_common():
        yield format_detail(code, f"{count:>7,}  {_title(code)}", colorize)


def _title(code: str) -> str:
    from tcspec.rules.families import find_code  # noqa: PLC0415 - only runs with violations pay for the rules

    found = find_code(code)
    return found.title if found else ""


def format_violation(
    path: str,
    violation: Violation,
    colorize: Colorize = plain,
    source: SourceText | None = None,
    *,
    with_docs: bool = True,
) -> Iterator[str]:
    """Yield the lines of a violation: where it is and what is wrong, then its line of the file, and what helps."""
    from tcspec.reporters.excerpts import find_excerpt  # noqa: PLC0415 - only runs with violations pay for it

    location = ":".join(str(part) for part in (path, violation.line, violation.column) if part is not None)
    severity = violation.severity.value
    head = f"{colorize('path', location)}: {violation.code} {colorize(severity, severity)}"
    yield f"{head}: {shorten(violation.message)}\n"
    excerpt = find_excerpt(source, violation) if source else None
    if excerpt:
        number = str(excerpt.number)
        yield colorize("detail", f"{_INDENT}{number} | ") + f"{excerpt.text}\n"
        carets = " " * excerpt.indent + colorize(severity, "^" * excerpt.width)
        yield colorize("detail", f"{_INDENT}{' ' * len(number)} | ") + f"{carets}\n"
    fix, expected = violation.fix, violation.data.get("expected")
    is_new = isinstance(expected, str) and expected not in f"{violation.message} {violation.hint}"
    notes = {
        # Whoever sees the whole line sees where in the payload it is.
        "at": mask_pointer(violation.pointer) if excerpt is None or excerpt.is_cut else "",
        "expected": expected if is_new else "",
        "help": violation.hint,
        "fix": f"{fix.title}{'' if fix.is_safe else ' (needs --unsafe)'}" if fix else "",
        "docs": _format_docs(violation.source) if with_docs else "",
    }
    for name, text in notes.items():
        if text:
            yield _format_note(name, shorten(text), colorize)


def _format_note(name: str, text: str, colorize: Colorize) -> str:
    return f"{_INDENT}{colorize('detail', f'{name}:')} {text}\n"


def _format_docs(source: str) -> str:
    """Return the address of the page of a source, or else the commands that print the rows that it names."""
    return docs_url(source) or ", ".join(f"`tcspec rules {row}`" for row in find_rows(source))


def docs_url(source: str) -> str | None:
    """Return the address of the page that a source names first; None if it names no page."""
    first = expand_source(source).partition("; ")[0]
    return first if "://" in first else None


def format_detail(name: str, text: str, colorize: Colorize) -> str:
    """Return an indented line of a table: a name, and what belongs to it."""
    return colorize("detail", f"{_INDENT}{name:<10}") + f"{text}\n"


def shorten(text: str, longest: int = 300) -> str:
    """Return a text, cut when it is too long for a line."""
    return f"{text[: longest - 1]}…" if len(text) > longest else text


def format_summary(tally: Tally) -> str:
    """Return one sentence about a run."""
    read = (
        f"{format_count(tally.payloads, 'payload') or 'no payload'} in {format_count(tally.files, 'file') or 'no file'}"
    )
    counts = (
        format_count(tally.error, "error"),
        format_count(tally.warning, "warning"),
        format_count(tally.info, "info"),
        f"{format_count(tally.unmet, 'expected violation')} did not occur" if tally.unmet else "",
    )
    found = ", ".join(filter(None, counts)) or ("no violations" if tally.payloads else "")
    more = (
        f"{format_count(tally.expected, 'expected violation')}" if tally.expected else "",
        f"{format_count(tally.known, 'known violation')} ignored" if tally.known else "",
        f"{format_count(tally.passed_over, 'document')} skipped, not a payload" if tally.passed_over else "",
        f"{format_count(tally.unreadable, 'file')} could not be read" if tally.unreadable else "",
    )
    return "; ".join(filter(None, (": ".join(filter(None, (read, found))), *more)))


def format_count(count: int, noun: str) -> str:
    """Return a number of things in words; nothing if there is none."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""
