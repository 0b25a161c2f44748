"""What a rule checks: one JSON object, its version, its sender, and the facts about it that rules share."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import orjson

from tcspec.contract.catalogue import find_entry
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.pointer import join
from tcspec.rules.facts import fact
from tcspec.rules.known_objects import find_known_objects, properties_of_event, to_searchable
from tcspec.rules.placeholders import may_have_placeholder
from tcspec.timestamps import try_read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.rules.known_objects import KnownObject, KnownProperties
    from tcspec.timestamps import Reading

    Path = tuple[str | int, ...]

ABSENT: Final = object()
"""What `RuleContext.at` returns when there is no value; null is one."""

TIMESTAMP: Path = ("context", "event_timestamp")
CREATED: Path = ("context", "created")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class RuleContext:
    """A payload, or an event of a batch, as rules check it; nothing in it is to be changed.

    The facts about it are computed when a rule first needs them, and then shared by all rules.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what rules depend on
        self,
        value: Mapping[str, Any],
        version: Version,
        sender: str,
        now: int,
        body: bytes | None = None,
        parent: str = "",
    ) -> None:
        """Prepare a payload.

        `now` is the present in epoch milliseconds, `body` the JSON text that it was read from, and `parent` the pointer
        of an event in its batch.
        """
        self.value = value
        self.version = version
        self.sender = sender
        self.now = now
        self._body = body
        self.parent = parent
        name, user, context = value.get("event_name"), value.get("user"), value.get("context")
        self.name: str | None = name if isinstance(name, str) else None
        """The name of the event; None when it has none that is a string."""
        self.spec: Mapping[str, Any] = load_catalogue()["events"].get(self.name, _NOTHING)
        """What the catalogue has about the event; an empty mapping for a custom event."""
        self.properties: KnownProperties = properties_of_event(self.name if self.name and self.spec else "")
        """The known properties of the root of the event."""
        self.user: Mapping[str, Any] = user if isinstance(user, dict) else _NOTHING
        self.context: Mapping[str, Any] = context if isinstance(context, dict) else _NOTHING
        """These two are empty mappings when they are missing, or no objects."""

    def pointer_to(self, path: Path) -> str:
        """Return the pointer of a path in the whole document, for a message; that of a finding is nested later."""
        return self.parent + join(path)

    @fact
    def known_objects(self) -> list[KnownObject]:
        """Return the objects whose properties the catalogue knows: the root, then those that it names in it."""
        return find_known_objects(self.value, self.properties)

    @fact
    def custom_objects(self) -> list[KnownObject]:
        """Return the known objects that have custom properties."""
        return [known for known in self.known_objects if known.shape.custom]

    @fact
    def items_spec(self) -> Mapping[str, Any]:
        """Return what the catalogue has about the items of the event; an empty mapping when they are custom."""
        return self.root_spec("items")

    def root_spec(self, name: str) -> Mapping[str, Any]:
        """Return what the catalogue has about a property of the root; an empty mapping for a custom property."""
        # By a name in `event`, as the 1.0 format has it, the catalogue finds properties though the event has no name.
        is_named = "event_name" in self.value or "event" not in self.value
        return self.properties.specs.get(name, _NOTHING) if is_named else self.spec_at((name,))

    @fact
    def lines(self) -> tuple[tuple[Path, Mapping[str, Any]], ...]:
        """Return the items of an event for which the catalogue has items, with their paths; none of custom events."""
        return tuple(self.iter_items()) if "object" in self.items_spec else ()

    @fact
    def products(self) -> tuple[tuple[Path, Mapping[str, Any]], ...]:
        """Return the products of the lines, with their paths."""
        lines = self.lines
        return tuple([((*path, "product"), each["product"]) for path, each in lines if _has_product(each)])

    @fact
    def timestamp(self) -> Reading | None:
        """Return how the timestamp of the event is read; None when it is missing or unreadable."""
        return self._read("event_timestamp")

    @fact
    def created(self) -> Reading | None:
        """Return how the timestamp of the web container is read; None when it is missing or unreadable."""
        return self._read("created")

    @fact
    def written(self) -> bytes | None:
        """Return the payload as orjson writes it; None of one that only the encoder of tcspec can write."""
        try:
            return orjson.dumps(self.value)
        except orjson.JSONEncodeError:  # more than 254 levels, or an integer of more than 64 bits
            return None

    @fact
    def text(self) -> bytes | None:
        """Return the payload as a JSON text in which no letter is escaped; None if there is none.

        To search it is much faster than to walk through the values. What it does not have, no name and no value has.
        """
        body = self._body
        return self.written if body is None or b"\\" in body else body

    @fact
    def may_have_placeholder(self) -> bool:
        """Return whether a string of the payload may be a placeholder, or made of zeros."""
        return self.text is None or may_have_placeholder(self.text)

    @fact
    def _unknown_names(self) -> bytes | None:
        """Return a text that has all names beyond the catalogue, as `to_searchable` writes them; None without `text`.

        It is the whole payload where objects are in places in which the catalogue has none.
        """
        custom, text = self.custom_objects, self.text
        if text is None:
            return None
        names = b"\n".join([known.shape.searchable for known in custom])
        # Each object begins with a brace. A brace in a string only makes the text longer than it had to be.
        others = text.count(b"{") - len(self.known_objects)
        if others == 0:
            return names
        beyond = _find_objects([known.value[name] for known in custom for name in known.shape.custom])
        if others > len(beyond):
            return to_searchable(text)
        return names + to_searchable("\n".join(["", *[name for each in beyond for name in each]]).encode())

    def may_name(self, words: Iterable[bytes]) -> bool:
        """Return whether a word, in lower case and without separators, may be in a name beyond the catalogue."""
        names = self._unknown_names
        if names:
            for word in words:
                if word in names:
                    return True
        return names is None

    def mentions(self, text: bytes) -> bool:
        """Return whether a text of ASCII characters, in lower case, may be in a name or a value, in any case."""
        lowered = self._lowered
        return lowered is None or text in lowered

    @fact
    def _lowered(self) -> bytes | None:
        return self.text and self.text.lower()

    def _read(self, name: str) -> Reading | None:
        return try_read_timestamp(self.context[name]) if name in self.context else None

    def spec_at(self, path: Path) -> Mapping[str, Any]:
        """Return what the catalogue has about the property at a path; an empty mapping for a custom property."""
        return find_entry(path, self.value, self.version)

    def at(self, *path: str | int) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at a path; ABSENT when there is none."""
        value: Any = self.value
        for part in path:
            if type(value) is dict:  # as most are: an exception for what is missing takes much longer
                value = value.get(part, ABSENT)
                continue
            try:
                value = value[part]
            except (LookupError, TypeError):
                return ABSENT
        return value

    def iter_items(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield the objects among the items of an event, or of a conversion, with their paths."""
        name = "conversion_items" if self.version.kind == "conversion" else "items"
        items = self.value.get(name)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield (name, index), item


def find_duplicate_ids(items: Iterable[tuple[Path, Mapping[str, Any]]]) -> Iterator[tuple[Path, Path]]:
    """Yield the path of every id that an earlier item has, with the path of that item."""
    first: dict[str, Path] = {}
    for path, item in items:
        identifier = item.get("id")
        if not isinstance(identifier, str):
            continue
        if identifier in first:
            yield (*path, "id"), first[identifier]
        else:
            first[identifier] = path


def _has_product(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("product"), dict)


def _find_objects(pending: list[Any]) -> list[Mapping[str, Any]]:
    """Return the objects among some values and in them; the list is used up."""
    found: list[Mapping[str, Any]] = []
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            found.append(value)
            pending += value.values()
    return found
