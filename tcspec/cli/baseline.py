"""A run against a baseline: known violations are ignored, new ones reported, and those that are gone are listed."""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.cli.terminal import print_error
from tcspec.files.atomic import write_file
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.files.side_files import relative_path
from tcspec.personal import mask_pointer
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, ViolationResult
from tcspec.reporters.text import format_count, shorten
from tcspec.rules.baselines import MAX_LENGTH, Baseline, format_baseline, read_baseline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result, Tally

_LISTED = 20
"""How many of the known violations that are gone are listed."""


@dataclass(slots=True)
class BaselineComparison:
    """A baseline that a run is compared with, and which of its violations did not occur.

    `is_reported` is whether violations of a code are reported for a file: what is not reported cannot be gone.
    """

    path: str
    baseline: Baseline
    is_reported: Callable[[str, str], bool]
    gone: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _remaining: Counter[tuple[str, str]] = field(default_factory=Counter)

    def apply(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results without known violations."""
        for result in _without_known(results, self._is_known):
            match result:
                case FileStarted(path):
                    self._remaining = self.baseline.known_in(path)
                # Of a file that was not read to its end it is not known what is gone.
                case FileFinished(path, unreadable=None):
                    relative = relative_path(self.baseline.folder, path)
                    for key, count in self._remaining.items():
                        if count and self.is_reported(path, key[0]):
                            self.gone[relative, *key] += count
            yield result

    def finish(self) -> None:
        """Print to stderr which known violations are gone, so that the baseline can shrink."""
        for path, known in self.baseline.iter_missing_files():
            self.gone.update({(path, *key): count for key, count in known.items()})
        if not self.gone:
            return
        count = format_count(self.gone.total(), "known violation")
        print_error(f"tcspec: {self.path}: {count} no longer found:")
        for (path, code, pointer), times in sorted(self.gone.items())[:_LISTED]:
            more = f" ({times:,} times)" if times > 1 else ""
            print_error(f"    {path}: {code} at {shorten(pointer) or 'the root'}{more}")
        if len(self.gone) > _LISTED:
            print_error(f"    and {len(self.gone) - _LISTED:,} more")

    def _is_known(self, _: str, violation: Violation) -> bool:
        # Masked as in the file, which is committed.
        key = violation.code, mask_pointer(violation.pointer)
        if self._remaining[key] <= 0:
            return False
        self._remaining[key] -= 1
        return True


@dataclass(slots=True)
class BaselineWriter:
    """A new baseline, of all violations that a run finds."""

    path: str
    known: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def apply(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results without violations, all of which are known now."""
        return _without_known(results, self._is_known)

    def finish(self) -> None:
        """Write the baseline, and print to stderr what is in it.

        Raises:
            FileError: when it cannot be written, is longer than a baseline may be, or the file is something else; then
                the file is unchanged.
        """
        _require_replaceable(self.path)
        raw = format_baseline(self.known).encode()
        if len(raw) > MAX_LENGTH:
            reason = f"the baseline has {len(raw):,} bytes, and no more than {MAX_LENGTH:,} are read"
            raise FileError(self.path, f"{reason}; write one for each folder")
        write_file(self.path, raw)
        files = format_count(len({path for path, _, _ in self.known}), "file")
        content = f"{format_count(self.known.total(), 'known violation')} of {files}" if files else "no violations"
        print_error(f"tcspec: wrote {content} to {self.path}")

    def _is_known(self, path: str, violation: Violation) -> bool:
        self.known[relative_path(Path(self.path).parent, path), violation.code, mask_pointer(violation.pointer)] += 1
        return True


def _require_replaceable(path: str) -> None:
    """Raise unless the file is missing, empty or a baseline: a payload must never be overwritten by one."""
    with wrap_os_errors(path):
        try:
            status = Path(path).stat()
        except FileNotFoundError:
            return
    if stat.S_ISREG(status.st_mode) and status.st_size:
        read_baseline(path)


def load_baseline(path: str, is_reported: Callable[[str, str], bool]) -> BaselineComparison:
    """Read the baseline that a run is compared with.

    Raises:
        FileError: when it cannot be read, or is no baseline.
    """
    return BaselineComparison(path, read_baseline(path), is_reported)


def _without_known(results: Iterable[Result], is_known: Callable[[str, Violation], bool]) -> Iterator[Result]:
    """Yield results without known violations, which the tallies count as such."""
    in_file: Counter[str] = Counter()
    in_run: Counter[str] = Counter()
    for result in results:
        match result:
            case ViolationResult(path, violation, expected=False) if is_known(path, violation):
                in_file[violation.severity.value] += violation.count
            case FileFinished(_, tally):
                yield result._replace(tally=_count_known(tally, in_file))
                in_run += in_file
                in_file.clear()
            case RunFinished(tally):
                yield result._replace(tally=_count_known(tally, in_run))
            case _:
                yield result


def _count_known(tally: Tally, known: Counter[str]) -> Tally:
    counts = {severity: getattr(tally, severity) - count for severity, count in known.items()}
    return tally._replace(known=tally.known + known.total(), **counts)
