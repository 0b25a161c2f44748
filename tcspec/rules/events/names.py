"""Names that the catalogue knows, how close another name is to them, and the rules on names of events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.fixes.offers import move, replace
from tcspec.rules.rule import SAFE, UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext
    from tcspec.rules.fixes.offers import Operation

    Spec = Mapping[str, Any]

_EVENTS = "developers/tracking/events-reference/README.md"
_VIDEO = "developers/tracking/events-reference/video-event-reference.md"
_SDK = "features/sources/sources-catalog/web/js-sdk/README.md"

_PATH = ("event_name",)
_MAX_LENGTH = 64
_MIN_LENGTHS = (4, 8)
"""The lengths from which one edit, and two edits, are a misspelling: `sign_in` is none of `sign_up`."""

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s._-]+")
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_EARLY_MISSPELLINGS = MappingProxyType(
    {"add_payement_info": "add_payment_info", "remove_from_to_cart": "remove_from_cart"}
)
"""Names from early pages that are not aliases; the Android SDK sent the first one up to 5.4.2."""


@dataclass(frozen=True, slots=True)
class KnownObject:
    """An object of a payload whose properties the catalogue knows: its path, its value, and the known properties."""

    path: Path
    value: Mapping[str, Any]
    specs: Mapping[str, Spec]

    @property
    def unknown(self) -> Iterator[str]:
        """Yield the names of its custom properties, in order."""
        return (name for name in self.value if name not in self.specs)


def iter_known_objects(event: RuleContext) -> Iterator[KnownObject]:
    """Yield the objects of an event whose properties are known: the root, then those that the catalogue names in it."""
    root_specs = {**load_catalogue()["envelope"]["properties"], **event.spec.get("properties", {})}
    pending = [KnownObject((), event.value, root_specs)]
    while pending:
        known = pending.pop()
        yield known
        pending += [
            KnownObject(path, value, load_catalogue()["objects"][spec["object"]]["properties"])
            for name, spec in known.specs.items()
            if "object" in spec and name in known.value
            for path, value in _iter_objects((*known.path, name), known.value[name], spec["type"])
        ]


def is_standard(event: RuleContext) -> bool:
    """Return whether an event has one of the names of the vendor's reference."""
    return event.spec.get("status") == "standard"


@cache
def standard_names() -> tuple[str, ...]:
    """Return the names of the events in the vendor's reference."""
    return tuple(name for name, spec in load_catalogue()["events"].items() if spec["status"] == "standard")


@cache
def events_with(name: str) -> tuple[str, ...]:
    """Return the standard events that have a property of this name."""
    return tuple(event for event in standard_names() if name in load_catalogue()["events"][event]["properties"])


@lru_cache(maxsize=4096)
def to_snake_case(name: str) -> str:
    """Return a name in lower case, with an underscore between its words."""
    return _SEPARATORS.sub("_", _CAPITAL.sub("_", name)).lower()


@lru_cache(maxsize=4096)
def normalize(name: str) -> str:
    """Return a name in lower case, with nothing between its words."""
    return _SEPARATORS.sub("", name).lower()


def find_same(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that only differs in case and separators."""
    return _by_normalized(tuple(known)).get(normalize(name)) if len(name) <= _MAX_LENGTH else None


def find_similar(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that this one is most likely a misspelling of, or that has its words in another order.

    Case and separators do not count; another number is no misspelling.
    """
    return _find_similar(name, tuple(known)) if len(name) <= _MAX_LENGTH else None


@rule("TC110", "event name is close to a standard one", source=_EVENTS, fix=UNSAFE)
def similar_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name differs from a standard one by a misspelling, its case or its separators.

    One or two letters are missing, superfluous, wrong or swapped, or the words have other separators or another order.
    Custom names are legal, so the event is accepted. But reports and destinations that expect the standard name miss
    it, and its properties are not checked.

    Bad:

        {"event_name": "add-to-cart", "user": {"id": "1042"}}

    Good:

        {"event_name": "add_to_cart", "user": {"id": "1042"}}
    """
    name = event.name
    # These are standard, or have a rule of their own.
    if not name or event.spec or name in _aliases() or _browser_names().fullmatch(name):
        return
    suggestion = find_same(name, standard_names()) or find_similar(name, standard_names())
    if suggestion:
        yield _rename_event(suggestion, f"custom event name `{name}` is close to the standard `{suggestion}`")


@rule("TC111", "event name is misspelled as in the vendor's pages", source=f"{_EVENTS}; {_VIDEO}; K083", fix=SAFE)
def misspelled_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name is a misspelling that appears on a page or in a client of the vendor.

    It was copied from the page, or sent by an old client. Reports and destinations expect the correct name.

    Bad:

        {"event_name": "video_full_screen_off", "user": {"id": "1042"}}

    Good:

        {"event_name": "video_fullscreen_off", "user": {"id": "1042"}}
    """
    suggestion = None if event.spec else _aliases().get(event.name or "")
    if suggestion:
        yield _rename_event(suggestion, f"`{event.name}` is a misspelling of `{suggestion}`", is_safe=True)


@rule("TC117", "event name is a signal inside the browser", Severity.INFO, source=_SDK, fix=UNSAFE)
def browser_event_name(event: RuleContext) -> Iterator[Finding]:
    """An event name is one that the web container only uses inside the page and never sends.

    Scripts in the page listen to these names. Destinations do not know them: the signal was probably mistaken for the
    event.

    Bad:

        {"event_name": "track_purchase", "user": {"id": "1042"}}

    Good:

        {"event_name": "purchase", "user": {"id": "1042"}}
    """
    name = event.name
    if not name or not _browser_names().fullmatch(name):
        return
    message = f"`{name}` is a signal inside the page, which the web container never sends"
    suggestion = name.removeprefix("track_")
    if suggestion in standard_names():
        yield _rename_event(suggestion, message)
    else:
        yield Finding(_PATH, message, {"property": "event_name"})


@rule("TC119", "name with white space", Severity.INFO, source=_EVENTS, basis=Basis.INFERRED, fix=UNSAFE)
def name_with_space(event: RuleContext) -> Iterator[Finding]:
    """The name of a custom event or of a custom property has white space in it.

    It is accepted, but many tools that read events cannot have such a name as a column or a variable, and a second
    spelling with an underscore soon stands beside it.

    Bad:

        {"event_name": "login", "form version": 2}

    Good:

        {"event_name": "login", "form_version": 2}
    """
    name = event.name
    if name and _SPACE.search(name.strip()) and not next(similar_event_name.find(event), None):
        suggestion = to_snake_case(name.strip())
        yield _replace_spaces(_PATH, replace(_PATH, suggestion), suggestion)
    for known in iter_known_objects(event):
        for each in known.unknown:
            suggestion = to_snake_case(each.strip())
            # A name that only differs from a standard one in its separators has a rule of its own.
            if suggestion and _SPACE.search(each) and not find_same(each, known.specs):
                path, target = (*known.path, each), (*known.path, suggestion)
                yield _replace_spaces(path, None if suggestion in known.value else move(path, target), suggestion)


def _replace_spaces(path: Path, operation: Operation | None, suggestion: str) -> Finding:
    """Return the finding of a name with white space, with a fix if the suggested name is free."""
    fix = Fix(f"rename to `{suggestion}`", (operation,)) if operation else None
    data = {"property": path[-1], "expected": suggestion}
    return Finding(path, "the name has white space", data, f"write `{suggestion}`", fix)


def _rename_event(suggestion: str, message: str, *, is_safe: bool = False) -> Finding:
    data = {"property": "event_name", "expected": suggestion}
    fix = Fix(f"rename the event to `{suggestion}`", (replace(_PATH, suggestion),), is_safe)
    return Finding(_PATH, message, data, f"did you mean `{suggestion}`?", fix)


@cache
def _aliases() -> Mapping[str, str]:
    """Return the vendor's misspellings, each with the correct name."""
    specs = load_catalogue()["events"].items()
    return {**{alias: name for name, spec in specs for alias in spec.get("aliases", ())}, **_EARLY_MISSPELLINGS}


@cache
def _browser_names() -> re.Pattern[str]:
    """Return the pattern of the names of signals; their placeholders are numbers or the name of an event."""
    events = "|".join(standard_names())
    names = (re.escape(name).replace("<event_name>", f"(?:{events})") for name in load_catalogue()["browser_events"])
    return re.compile("|".join(re.sub("<[A-Za-z]+>", "[0-9]+", name) for name in names))


@lru_cache(maxsize=4096)
def _find_similar(name: str, known: tuple[str, ...]) -> str | None:
    letters = normalize(name)
    words = sorted(to_snake_case(name).split("_"))
    best: tuple[int, str] | None = None
    for each in known:
        other = normalize(each)
        limit = _max_distance(other)
        # `category_2` and `category_3` are alike, and neither is a misspelling.
        if not limit or _DIGITS.sub("", letters) == _DIGITS.sub("", other):
            continue
        if len(words) > 1 and words == sorted(each.split("_")):
            return each
        if abs(len(letters) - len(other)) <= limit and (distance := _edit_distance(letters, other)) <= limit:
            best = min(best or (distance, each), (distance, each), key=lambda found: found[0])
    return best[1] if best else None


def _max_distance(letters: str) -> int:
    """Return how many edits of a name are a misspelling; with more, or in a shorter name, it is another word."""
    return sum(len(letters) >= length for length in _MIN_LENGTHS)


def _edit_distance(name: str, other: str) -> int:
    """Return the least number of letters to insert, remove, replace or swap with their neighbour (Damerau)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(name, 1):
        line = [row]
        for column, expected in enumerate(other, 1):
            edits = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != expected))
            if row > 1 and column > 1 and letter == other[column - 2] and name[row - 2] == expected:
                edits = min(edits, before[column - 2] + 1)
            line.append(edits)
        before, last = last, line
    return last[-1]


@lru_cache(maxsize=256)
def _by_normalized(known: tuple[str, ...]) -> Mapping[str, str]:
    # Reversed, so that the first of several names with the same letters wins.
    return {normalize(each): each for each in reversed(known)}


def _iter_objects(path: Path, value: object, types: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield a value that is an object, or the objects in it where the catalogue has an array."""
    if isinstance(value, dict) and not types.startswith("array"):
        yield path, value
    elif isinstance(value, list) and types.startswith("array"):
        yield from (((*path, index), item) for index, item in enumerate(value) if isinstance(item, dict))
