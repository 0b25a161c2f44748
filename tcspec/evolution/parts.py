"""A schema at its place inside a document, and the schemas that are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tcspec.evolution.reading import Document

    Key = tuple[int, int]
    """What tells places apart as long as their documents are there."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A schema inside a document; one part stands for one place."""

    document: Document
    schema: Any

    @property
    def key(self) -> Key:
        """Tell places apart."""
        return id(self.document), id(self.schema)

    def inner(self, schema: Any) -> Part:  # noqa: ANN401 - any part of a schema
        """Give another part of the same document."""
        return Part(self.document, schema)

    def of_type(self, name: str) -> Part:
        """Give a part that takes what is of a type."""
        return Part(self.document, self.document.made.setdefault(("type", name), {"type": name}))

    def requiring(self, name: str) -> Part:
        """Give a part that takes objects with a property."""
        made = {"type": "object", "required": [name]}
        return Part(self.document, self.document.made.setdefault(("required", name), made))

    def negated(self) -> Part:
        """Give the part that takes what this one does not."""
        return Part(self.document, self.document.made.setdefault(("not", id(self.schema)), {"not": self.schema}))

    def branches(self) -> tuple[Part, Part]:
        """Give the parts of which one holds, where this one has a condition."""
        schema = self.schema
        made = (
            {"allOf": [schema["if"], schema.get("then", True)]},
            {"allOf": [{"not": schema["if"]}, schema.get("else", True)]},
        )
        kept = self.document.made.setdefault(("if", id(schema)), made)
        return Part(self.document, kept[0]), Part(self.document, kept[1])

    def without_property(self, refused: dict[str, Any]) -> Part:
        """Give the part that takes objects whose one property is not what was refused of it."""
        made = {"properties": {name: {"not": inner} for name, inner in refused["properties"].items()}}
        return Part(self.document, self.document.made.setdefault(("property", id(refused)), made))
