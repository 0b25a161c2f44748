"""The report of a migration: a certificate of what was read, what became of it, and what was written.

Its counts add up, and its last member is the SHA-256 of the report itself with 64 zeros in that place, so that not one
byte of it can be changed without notice. `tcspec.migration.verification` checks the rest from the files.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tcspec import __version__
from tcspec.codes import CODES
from tcspec.kinds import EVENT
from tcspec.migration.summary import LISTED
from tcspec.upgrades.changes import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.migration.summary import Summary

    Report = Mapping[str, Any]

SEAL = "sha256"
"""The last member of a report."""
_NO_SEAL = "0" * 64
_ENGINES = ("jsonschema-rs", "msgspec", "orjson")
"""The dependencies that read, validate and write events."""
_OUTCOMES = ("blank", "unchanged", "upgraded", "rejected", "skipped")
_WRITTEN = ("blank", "unchanged", "upgraded")
_MOVING = ("future_times", "rejects_path")
"""What of the counts depends on when and where a migration runs."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a run began, how many seconds it took, and whether it continued an interrupted one."""

    started: datetime
    seconds: float
    is_resumed: bool = False


def build_report(  # noqa: PLR0913 - what a report has
    summary: Summary,
    source: str | list[str],
    target: str | None,
    options: Mapping[str, Any],
    timing: Timing,
    *,
    table: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the report of a migration as a JSON object.

    Args:
        summary: its counts.
        source: what was read, as it was named.
        target: what was written; None when nothing was.
        options: the options on which the outcomes depend.
        timing: the time that it took.
        table: the job of a table in a database.

    Raises:
        AssertionError: when its counts do not add up, which is a bug.
    """
    counts = summary.to_dict()
    report: dict[str, Any] = {
        "source": source,
        "target": target,
        "options": dict(options),
        "versions": {
            "event": EVENT.version().name,
            "python": platform.python_version(),
            **{name: version(name) for name in _ENGINES},
        },
        "run": _describe_run(timing, summary),
        "records": {
            "read": summary.lines,
            "written": sum(counts[name] for name in _WRITTEN),
            "rejected": summary.rejected,
            "skipped": summary.skipped,
        },
        "summary": counts,
        "changes": [
            {"name": name, "title": change.title, "basis": change.basis.value, "count": summary.changes[name]}
            for name, change in CHANGES.items()
            if summary.changes[name]
        ],
        "violations": [
            {"code": code, "title": CODES[code].title, "count": count} for code, count in sorted(summary.codes.items())
        ],
    }
    if table is not None:
        report["table"] = dict(table)
    if summary.details is not None:
        report |= summary.details.to_dict()
        report["files"] = [asdict(file) for file in summary.details.files]
    if mistakes := list(find_mistakes(report)):
        raise AssertionError(f"the counts of the report do not add up: {'; '.join(mistakes)}")
    return report


def find_mistakes(report: Report) -> Iterator[str]:
    """Yield the sums in a report that do not add up."""
    counts, records = report["summary"], report["records"]
    sums = {
        "outcomes": (sum(counts[name] for name in _OUTCOMES), counts["lines"]),
        "records read": (records["read"], counts["lines"]),
        "records written": (records["written"], sum(counts[name] for name in _WRITTEN)),
        "records rejected": (records["rejected"], counts["rejected"]),
        "records skipped": (records["skipped"], counts["skipped"]),
        "changes": ({each["name"]: each["count"] for each in report["changes"]}, counts["changes"]),
        "violations": ({each["code"]: each["count"] for each in report["violations"]}, counts["codes"]),
    }
    if "dialects" in report:
        payloads, files = counts["lines"] - counts["blank"], report["files"]
        sums |= {
            "dialects": (sum(report["dialects"].values()), payloads),
            "event names": (sum(report["events"].values()), payloads),
            "codes of rejects": (sum(report["reject_codes"].values()), counts["rejected"]),
            "kept values": (sum(each["count"] for each in report["kept_values"]), counts["kept"]),
            "listed invalid events": (len(counts["invalid_events"]), min(counts["invalid"], LISTED)),
        }
        if "table" not in report:
            sums["bytes read"] = sum(each["bytes_read"] for each in files), counts["bytes_read"]
            for name in _OUTCOMES:
                sums[f"{name} of the files"] = sum(each["counts"][name] for each in files), counts[name]
    yield from (f"{name}: {one} and {other}" for name, (one, other) in sums.items() if one != other)
    if "dialects" in report and counts["invalid"] > counts["unchanged"] + counts["upgraded"]:
        yield "more invalid events than were written"
    if "dialects" in report and any(count > counts["upgraded"] for count in counts["changes"].values()):
        yield "more changed events than were upgraded"


def find_differences(report: Report, summary: Summary, where: str) -> Iterator[str]:
    """Yield what a report has otherwise than the counts of a second migration of the same records.

    Args:
        report: the report.
        summary: the counts.
        where: what they are the counts of.
    """
    by = describe_other_version(report)
    counts, details = summary.to_dict(), summary.details.to_dict() if summary.details else {}
    for name, expected in report["summary"].items():
        if name not in _MOVING and counts.get(name) != expected:
            yield f"the report has other {name.replace('_', ' ')} than {where}{by}"
    for name, value in details.items():
        if report.get(name) != value:
            yield f"the report has other {name.replace('_', ' ')} than {where}{by}"


def describe_other_version(report: Report) -> str:
    """Return that a report is of another version of tcspec, which may have migrated otherwise; else nothing."""
    made = report["tool"]["version"]
    return "" if made == __version__ else f" (the report is of tcspec {made}, this is {__version__})"


def seal_report(report: Report) -> str:
    """Return a report as JSON text that ends with its digest."""
    text = json.dumps({**report, SEAL: _NO_SEAL}, indent=2) + "\n"
    return _replace_seal(text, hashlib.sha256(text.encode()).hexdigest())


def is_sealed(text: bytes, seal: str) -> bool:
    """Return whether a report is as it was written."""
    start = text.rfind(seal.encode())
    blank = text[:start] + _NO_SEAL.encode() + text[start + len(seal) :]
    return start >= 0 and len(seal) == len(_NO_SEAL) and hashlib.sha256(blank).hexdigest() == seal


def _replace_seal(text: str, seal: str) -> str:
    # The last one: the name of an event may be as many zeros.
    start = text.rindex(_NO_SEAL)
    return text[:start] + seal + text[start + len(seal) :]


def _describe_run(timing: Timing, summary: Summary) -> dict[str, Any]:
    """Return when a run was and how fast; of one that continued another nobody knows how much it did."""
    # A run can take no time that the clock measures.
    seconds = max(timing.seconds, 1e-6)
    rates = {"records_per_second": summary.lines / seconds, "bytes_per_second": summary.bytes_read / seconds}
    return {
        "started": timing.started.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": round(timing.seconds, 3),
        "is_resumed": timing.is_resumed,
        **{name: None if timing.is_resumed else round(rate) for name, rate in rates.items()},
    }
