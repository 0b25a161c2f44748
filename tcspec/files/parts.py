"""The documents within a document: the members of a JSON array of objects, and what a JSON Pointer names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document
from tcspec.jsontext.pointer import join, parse_index, split
from tcspec.jsontext.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.files.cutting import OpenDocument
    from tcspec.jsontext.positions import Span
    from tcspec.jsontext.reader import Limits

EVERY = "*"
"""The reference token that names every item of an array; in an object it is a key like any other."""


def is_array_of_objects(document: Document, limits: Limits) -> bool:
    """Return whether a document is a JSON array with an object in it, which is read as an array of payloads."""
    # Most documents are objects, and need not be read to know that.
    if document.rest is not None or not document.raw.lstrip(b" \t\r\n").startswith(b"["):
        return False
    try:
        value = read(document.raw, limits)
    except UnreadablePayload:
        return False
    return isinstance(value, list) and any(isinstance(member, dict) for member in value)


def split_arrays(contents: Iterable[Document | bytes], limits: Limits) -> Iterator[Document | bytes]:
    """Yield the contents of a file with the members of each array of objects in its place, and what is between them.

    All bytes in order are the same as before. An array without an object is one document, and so is a broken one.
    """
    for content in contents:
        if isinstance(content, Document) and is_array_of_objects(content, limits):
            yield from _split_array(content)
        else:
            yield content


def iter_parts(
    contents: Iterable[Document | bytes], pointer: str, limits: Limits
) -> Iterator[Document | UnreadablePayload]:
    """Yield the payloads of a file: each document, each member of an array, or what a pointer names in a document."""
    for content in contents if pointer else split_arrays(contents, limits):
        if isinstance(content, Document):
            yield from find_parts(content, pointer, limits) if pointer else [content]


def find_parts(document: Document, pointer: str, limits: Limits) -> Iterator[Document | UnreadablePayload]:
    """Yield what a pointer names in a document, in order; an error for each place that should have something.

    The token `*` names every item of an array; a name in an array at the root is looked up in every item. A string on
    the way or at the end is opened as a document of its own, but no string within it. Of an array of objects at the end
    every member is a part.
    """
    try:
        # Read strictly first: what cuts a text checks nothing.
        read(document.check_length(limits), limits)
    except UnreadablePayload as unreadable:
        yield document.locate_all(unreadable)
        return
    opened, names = _open(document), split(pointer)
    root = opened.root()
    # Its members are the payloads, as lines are: a name cannot be one of the array itself.
    if opened.text[root.start] == "[" and names[:1] != (EVERY,) and parse_index(names[0]) is None:
        names = (EVERY, *names)
    for found in _follow(opened, root, (), names, limits):
        if isinstance(found, Document):
            yield from _iter_members(found, limits)
        else:
            yield found


def _open(document: Document) -> OpenDocument:
    from tcspec.files.cutting import OpenDocument  # noqa: PLC0415 - most documents are not taken apart

    return OpenDocument(document)


def _split_array(document: Document) -> Iterator[Document | bytes]:
    opened = _open(document)
    text, end = opened.text, 0
    for span in opened.children(opened.root()):
        yield text[end : span.start].encode()
        yield opened.cut(span, (span.name,))
        end = span.end
    yield text[end:].encode() + document.ending


def _iter_members(document: Document, limits: Limits) -> Iterator[Document]:
    return (each for each in split_arrays([document], limits) if isinstance(each, Document))


def _follow(
    opened: OpenDocument, span: Span, path: tuple[str, ...], rest: tuple[str, ...], limits: Limits
) -> Iterator[Document | UnreadablePayload]:
    """Yield what the rest of a pointer names below the value at a path."""
    text = opened.text
    if text[span.start] == '"' and opened.document.string is None:
        yield from _follow_into_string(opened.cut_string(span, path), join(rest), limits)
        return
    if not rest:
        yield opened.cut(span, path)
        return
    name, *after = rest
    is_every = name == EVERY and text[span.start] == "["
    is_there = is_every
    for child in opened.children(span):
        if is_every or child.name == name:
            is_there = True
            yield from _follow(opened, child, (*path, child.name), tuple(after), limits)
    if not is_there:
        yield _nothing(opened.cut(span, path), rest)


def _follow_into_string(inner: Document, pointer: str, limits: Limits) -> Iterator[Document | UnreadablePayload]:
    """Yield what a pointer names in the document that a string is."""
    yield from find_parts(inner, pointer, limits) if pointer else _iter_members(inner, limits)


def _nothing(around: Document, rest: tuple[str, ...]) -> UnreadablePayload:
    """Return the error for a place that a document does not have, at the nearest value around it."""
    message = f"there is nothing at {around.pointer}{join(rest)}, where the payload should be"
    violation = codes.NOT_AN_OBJECT.violation("", message, {"expected": "an object", "actual": "nothing"})
    return around.locate_all(UnreadablePayload([violation]))
