"""Results of a run as the command line has them: the payload of a document read once, where it can be read."""

from __future__ import annotations

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import MAX_DEPTH, Limits, read, require_object
from tcspec.kinds import find_kind
from tcspec.payload import from_document, read_payload
from tcspec.reporters.results import PayloadResult, SourceText


def payload_in(raw, pointer="", kind=None):
    """Return the payload at a pointer of a document; None when it cannot be read."""
    limits = Limits(MAX_DEPTH, max(len(raw), 1))
    try:
        if not pointer:
            return read_payload(raw, kind, limits=limits)
        document = require_object(follow(read(raw, limits), pointer))
        return from_document(document, raw, kind and find_kind(kind))
    except (UnreadablePayload, LookupError):
        return None


def source_of(raw, line=1, column=1, kind=None):
    """Return the source of violations in a document."""
    return SourceText(raw, line, column, payload_in(raw, kind=kind))


def payload_result(path, line, raw, violations=(), answer=None, pointer="", kind=None):  # noqa: PLR0913, PLR0917 - its fields
    """Return the result of a checked payload."""
    return PayloadResult(path, line, raw, tuple(violations), answer, pointer, payload_in(raw, pointer, kind))
