"""The five judges, asked together: the judge at run time, the models, and the published schema in three engines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import judges
import tcspec
from judges import MODELS, Ajv, pydantic_accepts, schema
from tcspec.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Self

Payload = dict[str, Any]
Verdict = bool | str
"""What a judge says of a payload: whether it is valid, or what was raised instead."""

CONTRACTS = tuple(sorted(MODELS))
"""Every kind and version that is judged, as in `event/2.0`."""

JUDGES = ("validate", "pydantic", "jsonschema-rs", "jsonschema", "ajv")

_DOUBLES = 2**53
_DOCUMENT = frozenset({"TC006", "TC020", "TC021"})
"""What no schema and no model knows: how deep a document is, and how many bytes it has."""


class Panel:
    """The five judges of all contracts; a running ajv is among them."""

    def __init__(
        self,
        contracts: Sequence[str] = CONTRACTS,
        schema_of: Callable[[str], dict[str, Any]] | None = None,
        models: Mapping[str, Any] = MODELS,
    ) -> None:
        """Seat the judges; other schemas and models than those of the project are for planted faults."""
        schemas = {contract: (schema_of or _published)(contract) for contract in contracts}
        self._models = models
        self._rust = {
            name: judges.jsonschema_rs.Draft202012Validator(each, offline=True) for name, each in schemas.items()
        }
        self._reference = {name: judges.Reference(each) for name, each in schemas.items()}
        self._ajv = Ajv(schemas)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ajv.close()

    def verdicts(self, contract: str, payloads: Sequence[Payload]) -> list[dict[str, Verdict]]:
        """Ask every judge about every payload.

        Ajv is not asked where an integer is beyond 2**53: it reads such numbers as the nearest double.
        """
        asked = (
            ("validate", partial(meets_contract, contract)),
            ("pydantic", partial(_model_accepts, contract, self._models)),
            ("jsonschema-rs", self._rust[contract].is_valid),
            ("jsonschema", self._reference[contract].is_valid),
        )
        answers = [{name: _asked(judge, payload) for name, judge in asked} for payload in payloads]
        fitting = [index for index, payload in enumerate(payloads) if fits_doubles(payload)]
        said = self._ajv.accepts(contract, [payloads[index] for index in fitting])
        for index, verdict in zip(fitting, said, strict=True):
            answers[index]["ajv"] = verdict
        return answers


def _published(contract: str) -> dict[str, Any]:
    kind, _, version = contract.partition("/")
    return schema(version, kind)


def _model_accepts(contract: str, models: Mapping[str, Any], payload: Payload) -> bool:
    kind, _, version = contract.partition("/")
    return pydantic_accepts(payload, version, kind, models=models)


def _asked(judge: Callable[[Payload], bool], payload: Payload) -> Verdict:
    try:
        return judge(payload)
    except Exception as error:  # noqa: BLE001 - whatever a judge raises is a finding
        return f"raised {type(error).__name__}: {error}"[:200]


def meets_contract(contract: str, payload: Payload, engine: str = "fast") -> bool:
    """Ask the judge at run time, leaving out the depth and the size of the document."""
    kind, _, version = contract.partition("/")
    found = tcspec.validate(payload, kind, version, engine=engine)
    return not any(each.severity is Severity.ERROR and each.code not in _DOCUMENT for each in found)


def fits_doubles(value: Any) -> bool:
    """Tell whether every integer in a value is one that JavaScript can tell from its neighbours."""
    if isinstance(value, dict):
        return all(map(fits_doubles, value.values()))
    if isinstance(value, list):
        return all(map(fits_doubles, value))
    return not isinstance(value, int) or abs(value) <= _DOUBLES
