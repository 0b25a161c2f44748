"""The report of a migration as one page that needs no server and no network, for whoever answers for the events."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from tcspec.codes import CODES
from tcspec.reporters.page import Row, fill_template, hash_text, mask_parts, read_file, sentence, table, tile
from tcspec.reporters.printing import printable
from tcspec.reporters.text import format_count, shorten
from tcspec.timestamps import UNIT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Report = Mapping[str, Any]

_LISTED = 100
"""How many invalid events the page lists; the JSON report has more."""
_UNITS = {**UNIT_NAMES, "ms": "milliseconds in a string or float", "text": "RFC 3339"}
_TILES = (
    ("read", "lines", ""),
    ("upgraded", "upgraded", ""),
    ("unchanged", "unchanged", ""),
    ("rejected", "rejected", "error"),
    ("written, but invalid", "invalid", "warning"),
    ("skipped", "skipped", ""),
    ("blank", "blank", ""),
)
_NAMED = 3
"""How many sources the head of the page names."""
_ALWAYS = 4
"""How many tiles are there in any case."""


def render(report: Report) -> str:
    """Return the page of a report, which is the JSON object of the report."""
    style = read_file("page.css")
    parts = {
        "policy": f"style-src '{hash_text(style)}'",
        "style": style,
        "version": escape(report["tool"]["version"]),
        "summary": _describe(report),
        "totals": "".join(_tiles(report["summary"])),
        "tables": "\n".join(_tables(report)),
    }
    return fill_template("migration.html", parts)


def _describe(report: Report) -> str:
    """Return one sentence about the run."""
    sources = report["source"] if isinstance(report["source"], list) else [report["source"]]
    rest = sources[_NAMED:]
    named = ", ".join(map(_safe_path, sources[:_NAMED])) + (f" and {len(rest):,} more" if rest else "")
    run, target = report["run"], report["target"]
    if report["options"]["dry_run"]:
        outcome = "a dry run, nothing was written"
    else:
        outcome = f"migrated to {_safe_path(target)}" if target else "migrated"
    rate = "" if run["records_per_second"] is None else f", {run['records_per_second']:,} records a second"
    return f"{named}: {outcome}. {escape(run['started'])}, {run['seconds']:,.1f} seconds{rate}."


def _tiles(counts: Mapping[str, Any]) -> Iterator[str]:
    for index, (name, key, style) in enumerate(_TILES):
        if counts[key] or index < _ALWAYS:
            yield tile(name, counts[key], style)


def _tables(report: Report) -> Iterator[str]:
    """Yield the sections: what was changed, what is wrong, what was kept, and the files; none that is empty."""
    counts = report["summary"]
    changes = [Row((sentence(each["title"]), each["basis"]), each["count"]) for each in report["changes"]]
    violations = [_code_row(each["code"], each["count"]) for each in report["violations"]]
    rejects = [
        Row((f"<code>{escape(code)}</code>", sentence(CODES[code].title if code in CODES else "")), count, "error")
        for code, count in report.get("reject_codes", {}).items()
    ]
    kept = [
        Row((f"<code>{_safe(each['pointer'])}</code>", f"<code>{_safe(each['form'])}</code>"), each["count"])
        for each in report.get("kept_values", ())
    ]
    times = [Row((f"converted from {_UNITS.get(unit, unit)}",), n) for unit, n in counts["converted_times"].items()]
    suspicious = {"before 2010": counts["old_times"], "after the time of the run": counts["future_times"]}
    times += [Row((f"suspicious: {name}",), count, "warning") for name, count in suspicious.items() if count]
    if oversize := report.get("oversize"):
        times.append(Row(("events over the size limit since their upgrade",), oversize, "warning"))
    named = (
        ("Changes", ("Change", "Basis"), changes),
        ("Violations", ("Code", "Meaning"), violations),
        ("Rejected, by first reason", ("Code", "Meaning"), rejects),
        ("By event", ("Event",), _rows(report.get("events", {}))),
        ("By dialect", ("Dialect",), _rows(report.get("dialects", {}))),
        ("Times and sizes", ("What",), times),
        ("Kept under context.legacy", ("Place", "What a value looks like"), kept),
    )
    yield from (table(title, heads, rows) for title, heads, rows in named if rows)
    yield from _list_invalid(counts)
    yield from _list_files(report)
    yield from _list_samples(report)


def _code_row(code: str, count: int) -> Row:
    return Row((f"<code>{code}</code>", sentence(CODES[code].title)), count, CODES[code].severity.value)


def _rows(counts: Mapping[str, int]) -> list[Row]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [Row((f"<bdi>{_safe(name)}</bdi>",), count) for name, count in ordered]


def _list_invalid(counts: Mapping[str, Any]) -> Iterator[str]:
    events = counts["invalid_events"]
    heads: tuple[str, ...] = ("File", "Line", "Line in the target", "Codes")
    rows: list[tuple[str, ...]] = [
        (_safe_path(each.get("source", "")), f"{each['line']:,}", f"{each['target_line']:,}", " ".join(each["codes"]))
        for each in events[:_LISTED]
    ]
    if any("key" in each for each in events):
        heads = ("Key", "Codes")
        rows = [(_safe(str(each["key"])), " ".join(each["codes"])) for each in events[:_LISTED]]
    if rows:
        title = f"Written, but invalid: the first {len(rows):,} of {format_count(counts['invalid'], 'event')}"
        yield _plain_table(title, heads, rows)


def _list_files(report: Report) -> Iterator[str]:
    rows = []
    for file in report.get("files", ()):
        for role, content in (("source", file["source"]), *file["outputs"].items()):
            if content["path"] is not None:
                digest = f"<code>{escape(content['sha256'])}</code>"
                rows.append((_safe_path(content["path"]), role, digest, f"{content['size']:,}"))
    if rows:
        yield _plain_table("Files", ("File", "What", "SHA-256", "Bytes"), rows)


def _list_samples(report: Report) -> Iterator[str]:
    rows = [
        (_safe(each["dialect"]), f"<code>{_safe(each['before'])}</code>", f"<code>{_safe(each['after'])}</code>")
        for each in report.get("samples", ())
    ]
    if rows:
        yield _plain_table("Before and after", ("Dialect", "Before", "After"), rows)


def _plain_table(title: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a section over the whole width with a table without bars; its cells are HTML."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    first = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # What scrolls can be reached with the keyboard.
    name = escape(title)
    return f'<section class="wide plain" tabindex="0" aria-label="{name}"><h2>{name}</h2>{first}</section>'


def _safe(text: str) -> str:
    return escape(printable(shorten(text, 1_000)))


def _safe_path(path: str) -> str:
    return _safe(mask_parts(path))
