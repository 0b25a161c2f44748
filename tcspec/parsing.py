"""Typed payloads: validated first, then read as the model of their kind."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tcspec.arguments import check_arguments
from tcspec.contract.counting import sort_key
from tcspec.errors import InvalidPayload, UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import EVENT, EVENT_1_0, PIXEL, version_of
from tcspec.payload import read_payload
from tcspec.validation import find_violations, has_errors

if TYPE_CHECKING:
    from tcspec.models.constraints import Model
    from tcspec.payload import Payload

_MODELS = {"batch": "tcspec.models.batch", "user": "tcspec.models.user_api"}
"""The module of the model of each kind whose model is not in `tcspec.models.data_api`."""


@check_arguments(limits=(Limits,))
def parse(
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Model:
    """Return a payload as its model: `Purchase`, `PageView`, ... or `CustomEvent`, `Batch`, `UserPut`, `Conversion` ...

    Numbers beyond the range of floats are read as `jsontext.reader.read` reads them.

    Raises:
        InvalidPayload: when the payload violates its contract or cannot be read; it has the violations.
        UnknownKind: when tcspec knows no such kind or version.
        WrongArgument: when the payload is of a Python type that holds none.
    """
    version_of(kind or EVENT.name, version)
    try:
        read = read_payload(payload, kind, limits=limits)
    except UnreadablePayload as unreadable:
        raise InvalidPayload(unreadable.violations) from None
    violations = find_violations(read, version, "fast", limits.violations)
    if has_errors(violations) or read.is_ga4:
        raise InvalidPayload(read.locate(sorted(violations, key=sort_key)))
    return _model(read, version).model_validate(read.document)


def _model(payload: Payload, version: str | None) -> type[Model]:
    """Import the model of a payload, and no other: there are hundreds, and building them takes long."""
    name = payload.document.get("event_name")
    if payload.kind is PIXEL:
        from tcspec.models.pixel import pixel_event_class  # noqa: PLC0415

        return pixel_event_class(name)
    if payload.kind is not EVENT:
        models = import_module(_MODELS.get(payload.kind.name, "tcspec.models.data_api"))
        model: type[Model] = getattr(models, payload.kind.model)
        return model
    if version is not None and EVENT.version(version) is EVENT_1_0:
        from tcspec.models.legacy import legacy_event_class  # noqa: PLC0415

        return legacy_event_class(payload.document)
    from tcspec.models.events import event_class  # noqa: PLC0415

    return event_class(name)
