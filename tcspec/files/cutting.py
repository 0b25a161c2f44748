"""A document that is taken apart: its values, each cut out as a document of its own with its place in the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tcspec.files.documents import Document
from tcspec.jsontext.pointer import join
from tcspec.jsontext.positions import Cursor, Span, StringText, find_span, iter_children

if TYPE_CHECKING:
    from collections.abc import Iterator


class OpenDocument:
    """A document that is being taken apart, and a cursor, so that its lines are counted once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.raw.decode()
        self._cursor = Cursor(self.text)

    def root(self) -> Span:
        """Return where the value of the document stands in its text."""
        return find_span(self.text, ())

    def children(self, span: Span) -> Iterator[Span]:
        """Yield where the members or items of a value stand."""
        return iter_children(self.text, span)

    def cut(self, span: Span, path: tuple[str, ...]) -> Document:
        """Return the part of the document that stands at a path."""
        document = self.document
        line, column = document.place_of(*self._cursor.locate(span.start))
        raw = self.text[span.start : span.end].encode()
        return Document(raw, line, column, document.pointer + join(path), string=document.string)

    def cut_string(self, span: Span, path: tuple[str, ...]) -> Document:
        """Return the document that stands in the string at a path."""
        part = self.cut(span, path)
        token = part.raw.decode()
        string = StringText(token, part.line, part.column)
        # The document was read before: it has no unpaired surrogate that could not be encoded.
        return Document(json.loads(token).encode(), pointer=f"{part.pointer}#", string=string)
