"""Typed payloads: validated first, then read as the model of their kind."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments
from tcspec.codes import MISSING, WRONG_TYPE, WRONG_VALUE, contract_code
from tcspec.errors import Basis, InvalidPayload, UnreadablePayload
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import EVENT, EVENT_1_0, PIXEL, version_of
from tcspec.payload import read_payload
from tcspec.validation import find_violations, has_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from tcspec.errors import Violation
    from tcspec.models.constraints import Model
    from tcspec.payload import Payload

_MODELS = {"batch": "tcspec.models.batch", "user": "tcspec.models.user_api"}
"""The module of the model of each kind whose model is not in `tcspec.models.data_api`."""

_ABSENT = "missing_sentinel_error"
"""The error of pydantic 2.13 beside another one of a property that may be absent."""


@check_arguments(limits=(Limits,))
def parse(
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Model:
    """Return a payload as its model: `Purchase`, `PageView`, ... or `CustomEvent`, `Batch`, `UserPut`, `Conversion` ...

    An event of a class of one's own, a subclass of `SourceEvent` or of a standard event with a fixed `event_name`,
    becomes an object of that class. Numbers beyond the range of floats are read as `jsontext.reader.read` reads them.

    Raises:
        InvalidPayload: when the payload violates its contract or the class of its event, or cannot be read; it has the
            violations.
        UnknownKind: when tcspec knows no such kind or version.
        WrongArgument: when the payload is of a Python type that holds none.
    """
    # For its error alone: an unknown kind or version is misuse, whatever the payload.
    version_of(kind or EVENT.name, version)
    try:
        read = read_payload(payload, kind, limits=limits)
    except UnreadablePayload as unreadable:
        raise InvalidPayload(unreadable.violations) from None
    violations = find_violations(read, version, limit=limits.violations)
    # A GA4 hit has no error, and no event to return either (K123).
    if has_errors(violations) or read.is_ga4:
        raise InvalidPayload(read.arrange(violations))
    model = _model(read, version)
    from pydantic_core import ValidationError  # noqa: PLC0415 - the model has imported it

    try:
        return model.model_validate(read.document)
    except ValidationError as error:
        # Only of a class of one's own: the others require what the published schema does.
        errors = (each for each in error.errors() if each["type"] != _ABSENT)
        raise InvalidPayload(read.locate(_to_violation(each, model, read.document) for each in errors)) from None


def _to_violation(error: ErrorDetails, model: type[Model], document: dict[str, Any]) -> Violation:
    path, message = error["loc"], error["msg"]
    is_missing = False
    match error["type"]:
        case "missing":
            path, name = path[:-1], path[-1]
            is_missing = isinstance(name, str)
            message = f"missing required {'property' if is_missing else 'item'} `{name}`"
        case "union_tag_invalid":
            # pydantic's own message has the value.
            message = f"Input should have one of {error['ctx']['expected_tags']} as {error['ctx']['discriminator']}"
    problem = MISSING if is_missing else WRONG_TYPE if error["type"].endswith("_type") else WRONG_VALUE
    violation = contract_code(1, problem).violation(_to_pointer(path, document), f"{model.__name__}: {message}")
    return replace(violation, basis=Basis.INFERRED)


def _to_pointer(path: Sequence[str | int], document: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the pointer of a path of pydantic, in which the branches of unions have names too."""
    found = []
    for part in path:
        with suppress(LookupError, TypeError):
            document = document[part]
            found.append(part)
    return join(found)


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
    # Legacy that was not requested has an error (TC701), so that none of it comes here.
    if version is not None and EVENT.version(version) is EVENT_1_0:
        from tcspec.models.legacy import legacy_event_class  # noqa: PLC0415

        return legacy_event_class(payload.document)
    from tcspec.models.events import event_class  # noqa: PLC0415

    return event_class(name)
