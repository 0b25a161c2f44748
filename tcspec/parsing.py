"""Typed payloads: the judge first, then the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import InvalidPayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import EVENT_1_0, version_of
from tcspec.models.batch import Batch
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.events import event_class
from tcspec.models.legacy import legacy_event_class
from tcspec.models.pixel import pixel_event_class
from tcspec.models.user_api import UserPut
from tcspec.payload import read_payload
from tcspec.validation import has_errors, validate

if TYPE_CHECKING:
    from tcspec.models.constraints import Model

_MODELS: dict[str, type[Model]] = {
    "batch": Batch,
    "user": UserPut,
    "product": CatalogProduct,
    "conversion": Conversion,
}


def parse(
    payload: dict[str, Any] | bytes | bytearray | memoryview | str,
    kind: str | None = None,
    version: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Model:
    """Read a payload as its model: `Purchase`, `PageView`, ... or `CustomEvent`, `Batch`, `UserPut`, `Conversion` ...

    Numbers beyond the range of floats are read as `documents.read` reads them.

    Raises:
        InvalidPayload: when the payload breaks its contract; it carries the violations.
        UnknownKind: when tcspec knows no such kind or version.
    """
    violations = validate(payload, kind, version, limits=limits)
    if has_errors(violations):
        raise InvalidPayload(violations)
    given = read_payload(payload, kind, limits)
    return _model(given.kind, given.document, version).model_validate(given.document)


def _model(kind: str, document: dict[str, Any], version: str | None) -> type[Model]:
    if kind == "pixel":
        return pixel_event_class(document.get("event_name"))
    if kind != "event":
        return _MODELS[kind]
    if version is not None and version_of(kind, version) is EVENT_1_0:
        return legacy_event_class(document)
    return event_class(document.get("event_name"))
