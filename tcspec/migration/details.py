"""What a report has of a migration beyond its counts: dialects, names, kept values, samples, and the files.

Its size does not grow with that of the store. Of values it has the form only, without any letter or digit.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import decode_leniently
from tcspec.migration.outcomes import Outcome, Status
from tcspec.payload import read_payload
from tcspec.personal import mask_name, mask_pointer
from tcspec.validation import count_violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tcspec.errors import UnreadablePayload
    from tcspec.migration.output_files import Content

UNREADABLE = "(unreadable)"
OTHERS = "(others)"
MAX_NAMES = 1_000
"""How many names of events are counted one by one; further ones are counted together."""
_MAX_PLACES = 200
_MAX_SAMPLES = 5
_LONGEST_SAMPLE = 4_000
"""How many bytes a record may have to be a sample."""
_LONGEST_NAME, _LONGEST_VALUE = 80, 80

_SIZE_CODES = (codes.TOO_LARGE.id, codes.NEARLY_TOO_LARGE.id)
_LETTERS = re.compile(r"\w")
_NAMED_CHARACTER = re.compile(r"\\u[0-9a-f]{4}|\\[bfnrt]")


@dataclass(frozen=True, slots=True)
class Sample:
    """A record before and after its upgrade, as it is: whoever shows it masks it."""

    dialect: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MigratedFile:
    """A source and what was made of it: files as they are on the disk, by what they are for, and counts by outcome.

    `content` is what the source has in it once it is decompressed, `bytes_read` how many bytes of it records have. A
    stream has no path.
    """

    source: FileContent
    content: FileContent
    bytes_read: int
    outputs: dict[str, FileContent]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class FileContent:
    """A path as it was named, and the size and SHA-256 of what is there."""

    path: str | None
    size: int
    sha256: str

    @classmethod
    def of(cls, path: str | None, content: Content) -> FileContent:
        """Return what a path has in it."""
        return cls(path, content.size, content.sha256)


@dataclass(slots=True)
class Details:
    """Counts of records by dialect, event name and first reason of a reject, and of kept values by place.

    `forms` has what the first value of each place looks like, `oversize` how many events an upgrade pushed over the
    size limit, `written` the bytes of each output of a dry run. There are samples of the first five dialects.
    """

    dialects: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    reject_codes: Counter[str] = field(default_factory=Counter)
    kept_places: Counter[str] = field(default_factory=Counter)
    forms: dict[str, str] = field(default_factory=dict)
    oversize: int = 0
    written: Counter[str] = field(default_factory=Counter)
    files: list[MigratedFile] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def add(self, outcomes: Sequence[Outcome], records: Sequence[bytes | UnreadablePayload], lines: int) -> None:
        """Count the outcomes of records that follow each other behind as many lines."""
        named = [outcome for outcome in outcomes if outcome.status is not Status.BLANK]
        self.dialects.update(_count([outcome.dialect for outcome in named]))
        _merge(self.events, _count([outcome.name for outcome in named]), MAX_NAMES)
        sampled = {sample.dialect for sample in self.samples}
        for index, outcome in enumerate(outcomes):
            if outcome.status is Status.REJECTED:
                self.reject_codes[outcome.reasons[0].code] += 1
            elif outcome.status is Status.UPGRADED:
                if outcome.kept_at:
                    self._add_kept(outcome)
                record = records[index]
                if outcome.counts and isinstance(record, bytes) and _is_pushed_over(outcome, record):
                    self.oversize += 1
                if len(sampled) < _MAX_SAMPLES and outcome.dialect not in sampled and isinstance(record, bytes):
                    self._add_sample(outcome, record, lines + index + 1)
                    sampled = {sample.dialect for sample in self.samples}

    def merge(self, part: Details) -> None:
        """Add those of the records that follow, or of another file."""
        _merge(self.events, part.events, MAX_NAMES)
        for place, count in part.kept_places.items():
            self._add_place(place, count, part.forms.get(place, ""))
        for name in ("dialects", "reject_codes", "written"):
            getattr(self, name).update(getattr(part, name))
        self.oversize += part.oversize
        self.files += part.files
        sampled = {sample.dialect for sample in self.samples}
        more = [sample for sample in part.samples if sample.dialect not in sampled]
        self.samples = [*self.samples, *more][:_MAX_SAMPLES]

    def to_dict(self) -> dict[str, Any]:
        """Return what a report shows as JSON values, names that may be personal masked."""
        events: Counter[str] = Counter()
        for name, count in self.events.items():
            # Masked names may be equal.
            events[mask_name(name)] += count
        kept = [
            {"pointer": place, "count": count, "form": self.forms.get(place, "")}
            for place, count in sorted(self.kept_places.items())
        ]
        return {
            "dialects": dict(sorted(self.dialects.items())),
            "events": dict(events.most_common()),
            "reject_codes": dict(sorted(self.reject_codes.items())),
            "kept_values": kept,
            "oversize": self.oversize,
        }

    def _add_kept(self, outcome: Outcome) -> None:
        document = decode_leniently(outcome.payload)
        for pointer in outcome.kept_at:
            # One place for all items of an array, or a long one would be all that is listed.
            place = "/".join("*" if part.isdecimal() else part for part in pointer.split("/"))
            self._add_place(mask_pointer(place), 1, _describe_value(document, pointer))

    def _add_place(self, place: str, count: int, form: str) -> None:
        name = place if place in self.kept_places or len(self.kept_places) < _MAX_PLACES else OTHERS
        self.kept_places[name] += count
        if name != OTHERS:
            self.forms.setdefault(name, form)

    def _add_sample(self, outcome: Outcome, record: bytes, line: int) -> None:
        texts = record, outcome.payload
        if max(map(len, texts)) <= _LONGEST_SAMPLE:
            self.samples.append(Sample(outcome.dialect, line, *(text.decode(errors="replace") for text in texts)))


def describe_form(value: object) -> str:
    """Return what a JSON value looks like: its text, cut, with an asterisk for each letter and digit of a value."""
    if isinstance(value, dict):
        text = "{" + ", ".join(f'"{mask_name(key)}": {describe_form(each)}' for key, each in value.items()) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(map(describe_form, value)) + "]"
    elif isinstance(value, bool) or value is None:
        text = json.dumps(value)
    else:
        # An escape is one character, and becomes one asterisk.
        text = _LETTERS.sub("*", _NAMED_CHARACTER.sub("*", json.dumps(value)))
    return f"{text[: _LONGEST_VALUE - 1]}…" if len(text) > _LONGEST_VALUE else text


def _describe_value(document: object, pointer: str) -> str:
    try:
        return describe_form(follow(document, pointer))
    except LookupError:
        return ""


def _count(names: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, count in Counter(names).items():
        # Added up: names may only differ behind what is kept of them.
        counts[name[:_LONGEST_NAME] or UNREADABLE] += count
    return counts


def _merge(counts: Counter[str], more: Mapping[str, int], most: int) -> None:
    for name, count in more.items():
        counts[name if name in counts or len(counts) < most else OTHERS] += count


def _is_pushed_over(outcome: Outcome, record: bytes) -> bool:
    """Return whether an upgraded payload exceeds a limit that the record did not; hardly any does."""
    sizes = [outcome.codes[code] for code in _SIZE_CODES]
    if not any(sizes):
        return False
    before: Counter[str] = Counter()
    for (code, _), count in count_violations(read_payload(record, limits=outcome.limits)).items():
        before[code] += count
    return any(size > before[code] for size, code in zip(sizes, _SIZE_CODES, strict=True))
