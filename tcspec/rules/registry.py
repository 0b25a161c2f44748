"""Every rule by its code, collected from the modules that define them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from tcspec.codes import CODES, Code
from tcspec.rules.bulk import conversions, products
from tcspec.rules.events import (
    encoding,
    hashes,
    identity,
    items,
    legacy,
    money,
    names,
    placeholders,
    players,
    profiles,
    properties,
    property_names,
    timestamps,
    transport,
    video,
)
from tcspec.rules.rule import Rule, StreamRule
from tcspec.rules.streams import consistency

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    AnyRule = TypeVar("AnyRule", bound=Rule | StreamRule)

# A new module is added here; a new rule in one of these modules needs nothing else.
_MODULES = (
    *(
        encoding,
        hashes,
        identity,
        items,
        legacy,
        money,
        names,
        placeholders,
        players,
        profiles,
        properties,
        property_names,
        timestamps,
        transport,
        video,
    ),
    *(conversions, products),
)
_STREAM_MODULES = (consistency,)


def _collect(rule_type: type[AnyRule], modules: Iterable[ModuleType]) -> Mapping[str, AnyRule]:
    """Return the rules that modules define, by their codes and in the order of these."""
    rules = [value for module in modules for value in vars(module).values() if isinstance(value, rule_type)]
    return MappingProxyType({rule.code.id: rule for rule in sorted(rules, key=lambda rule: rule.code.id)})


RULES: Mapping[str, Rule] = _collect(Rule, _MODULES)
"""The rules on one payload by their codes."""

STREAM_RULES: Mapping[str, StreamRule] = _collect(StreamRule, _STREAM_MODULES)
"""The rules on all payloads of one file by their codes."""

_RULE_CODES = (*(rule.code for rule in RULES.values()), *(rule.code for rule in STREAM_RULES.values()))

EVERY_CODE: Mapping[str, Code] = MappingProxyType(
    dict(sorted({**CODES, **{code.id: code for code in _RULE_CODES}}.items()))
)
"""The codes of the contract, of transport and of the rules."""
