"""All validators of a contract: `tcspec.validate`, the models, and the published schema in three engines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import jsonschema_rs

import tcspec
from environment import IS_ACCEPTANCE
from tcspec.errors import Severity
from validators import MODELS, Ajv, ReferenceValidator, fits_doubles, is_valid_model, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Self

Payload = dict[str, Any]
Verdict = bool | str
"""Whether a payload is valid, or the exception that a validator raised."""

CONTRACTS = tuple(sorted(MODELS))
"""Every kind and version, as in `event/2.0`."""

VALIDATORS = ("validate", "pydantic", "jsonschema-rs", "jsonschema", "ajv")

_DOCUMENT_CODES = frozenset({"TC006", "TC020", "TC021"})
"""Codes about the depth and the size of a document, which schemas and models do not restrict."""


class ValidatorSet:
    """The five validators of some contracts; without ajv, unless it is required or `make acceptance` runs."""

    def __init__(
        self,
        contracts: Sequence[str] = CONTRACTS,
        schema_of: Callable[[str], dict[str, Any]] | None = None,
        models: Mapping[str, Any] = MODELS,
        *,
        with_ajv: bool = IS_ACCEPTANCE,
    ) -> None:
        """Prepare the validators; tests pass schemas and models with a fault."""
        schemas = {contract: (schema_of or _published)(contract) for contract in contracts}
        self._models = models
        self._rust = {name: jsonschema_rs.Draft202012Validator(each, offline=True) for name, each in schemas.items()}
        self._reference = {name: ReferenceValidator(each) for name, each in schemas.items()}
        self._ajv = Ajv(schemas) if with_ajv else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ajv:
            self._ajv.close()

    def verdicts(self, contract: str, payloads: Sequence[Payload]) -> list[dict[str, Verdict]]:
        """Return the verdict of every validator on every payload.

        Ajv has no verdict where an integer is beyond 2**53, because it reads such a number as the nearest double.
        """
        validators = (
            ("validate", partial(is_contract_valid, contract)),
            ("pydantic", partial(_is_valid_model, contract, self._models)),
            ("jsonschema-rs", self._rust[contract].is_valid),
            ("jsonschema", self._reference[contract].is_valid),
        )
        found = [{name: _verdict(is_valid, payload) for name, is_valid in validators} for payload in payloads]
        if self._ajv:
            representable = [index for index, payload in enumerate(payloads) if fits_doubles(payload)]
            by_ajv = self._ajv.validate(contract, [payloads[index] for index in representable])
            for index, verdict in zip(representable, by_ajv, strict=True):
                found[index]["ajv"] = verdict
        return found


def _published(contract: str) -> dict[str, Any]:
    kind, _, version = contract.partition("/")
    return schema(version, kind)


def _is_valid_model(contract: str, models: Mapping[str, Any], payload: Payload) -> bool:
    kind, _, version = contract.partition("/")
    return is_valid_model(payload, version, kind, models=models)


def _verdict(is_valid: Callable[[Payload], bool], payload: Payload) -> Verdict:
    try:
        return is_valid(payload)
    except Exception as error:  # noqa: BLE001 - whatever a validator raises is a finding
        return f"raised {type(error).__name__}: {error}"[:200]


def is_contract_valid(contract: str, payload: Payload, engine: str = "fast") -> bool:
    """Return whether `tcspec.validate` finds no error, except about the depth and size of the document."""
    kind, _, version = contract.partition("/")
    found = tcspec.validate(payload, kind, version, engine=engine)
    return not any(each.severity is Severity.ERROR and each.code not in _DOCUMENT_CODES for each in found)
