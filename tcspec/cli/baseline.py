"""Results past a baseline: what is known is passed over, what is new goes on, what is gone is remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.cli.terminal import print_error
from tcspec.files.atomic import write_file
from tcspec.files.lines import open_source
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, ViolationResult
from tcspec.reporters.text import format_count, printable
from tcspec.rules.baselines import Baseline, read_baseline, relative_to, spelt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result, Tally

_LISTED = 20
"""How many of the known violations that are gone are named."""


@dataclass(slots=True)
class Comparison:
    """A baseline that a run is held against, and what of it did not occur any more.

    `wants` tells whether violations of a code are told of a file: what is not told cannot be gone.
    """

    path: str
    baseline: Baseline
    wants: Callable[[str, str], bool]
    gone: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _left: Counter[tuple[str, str]] = field(default_factory=Counter)

    def past(self, results: Iterable[Result]) -> Iterator[Result]:
        """Give the results without what is known."""
        for result in _without(results, self._takes):
            match result:
                case FileStarted(path):
                    self._left = self.baseline.of(path)
                case FileFinished(path, unreadable=None):
                    left = {key: count for key, count in self._left.items() if count and self.wants(path, key[0])}
                    named = relative_to(self.baseline.folder, path)
                    self.gone.update({(named, *key): count for key, count in left.items()})
            yield result

    def tell(self) -> None:
        """Say on stderr what is gone, so that the baseline can shrink."""
        for path, known in self.baseline.missing_files():
            self.gone.update({(path, *key): count for key, count in known.items()})
        if not self.gone:
            return
        gone = format_count(self.gone.total(), "known violation")
        print_error(f"tcspec: {printable(self.path)}: {gone} did not occur any more:")
        for (path, code, pointer), count in sorted(self.gone.items())[:_LISTED]:
            times = f" ({count:,} times)" if count > 1 else ""
            print_error(f"    {printable(path)}: {code} at {printable(pointer) or 'the root'}{times}")
        if len(self.gone) > _LISTED:
            print_error(f"    and {len(self.gone) - _LISTED:,} more")

    def _takes(self, _: str, violation: Violation) -> bool:
        key = violation.code, violation.pointer
        if self._left[key] <= 0:
            return False
        self._left[key] -= 1
        return True


@dataclass(slots=True)
class Recording:
    """A baseline that is being made of everything that a run finds."""

    path: str
    known: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def past(self, results: Iterable[Result]) -> Iterator[Result]:
        """Give the results without violations, each of which is known now."""
        return _without(results, self._takes)

    def tell(self) -> None:
        """Write the baseline, and say so on stderr.

        Raises:
            UnreadableFile: when it cannot be written; then it is as it was.
            WrongBaseline: when the file there is something else than a baseline.
        """
        _refuse_others(self.path)
        write_file(self.path, spelt(self.known).encode())
        files = format_count(len({path for path, _, _ in self.known}), "file")
        found = f"{format_count(self.known.total(), 'known violation')} of {files}" if files else "no violation"
        print_error(f"tcspec: wrote {found} to {printable(self.path)}")

    def _takes(self, path: str, violation: Violation) -> bool:
        self.known[relative_to(Path(self.path).parent, path), violation.code, violation.pointer] += 1
        return True


def _refuse_others(path: str) -> None:
    """See to it that nothing but a baseline, or an empty file, is replaced by one."""
    if Path(path).is_file() and Path(path).stat().st_size:
        with open_source(path) as source:
            read_baseline(source.read(), path)


def comparison(path: str, wants: Callable[[str, str], bool]) -> Comparison:
    """Read the baseline that a run is held against.

    Raises:
        UnreadableFile: when it cannot be read.
        WrongBaseline: when it is none.
    """
    with open_source(path) as source:
        return Comparison(path, read_baseline(source.read(), path), wants)


def _without(results: Iterable[Result], takes: Callable[[str, Violation], bool]) -> Iterator[Result]:
    """Give results without the violations that are taken out, which are counted as known."""
    taken: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for result in results:
        match result:
            case ViolationResult(path, violation, expected=False) if takes(path, violation):
                taken[violation.severity.value] += 1
                continue
            case FileFinished(_, tally):
                yield replace(result, tally=_lessened(tally, taken))
                total += taken
                taken.clear()
            case RunFinished(tally):
                yield replace(result, tally=_lessened(tally, total))
            case _:
                yield result


def _lessened(tally: Tally, taken: Counter[str]) -> Tally:
    counts = {severity: getattr(tally, severity) - count for severity, count in taken.items()}
    return replace(tally, known=tally.known + taken.total(), **counts)
