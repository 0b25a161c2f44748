"""Every rule by its code, collected from the modules that define them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from tcspec.codes import CODES, Code
from tcspec.rules.bulk import buyers, conversions, products, texts
from tcspec.rules.events import (
    campaign,
    consent,
    hashes,
    identity,
    items,
    legacy,
    lists,
    money,
    names,
    players,
    profiles,
    properties,
    timestamps,
    transport,
    video,
)
from tcspec.rules.rule import Rule
from tcspec.rules.streams import consistency
from tcspec.rules.streams.consistency import StreamRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    AnyRule = TypeVar("AnyRule", bound=Rule | StreamRule)

_EVENTS = (
    *(campaign, consent, hashes, identity, items, legacy, lists, money, names, players),
    *(profiles, properties, timestamps, transport, video),
)
_BULK = (buyers, conversions, products, texts)


def _collect(rule_type: type[AnyRule], modules: Iterable[ModuleType]) -> Mapping[str, AnyRule]:
    """Return the rules that modules define, by their codes and in the order of these."""
    rules = [value for module in modules for value in vars(module).values() if isinstance(value, rule_type)]
    return MappingProxyType({rule.code.id: rule for rule in sorted(rules, key=lambda rule: rule.code.id)})


RULES: Mapping[str, Rule] = _collect(Rule, (*_EVENTS, *_BULK))
"""The rules on one payload by their codes."""

STREAM_RULES: Mapping[str, StreamRule] = _collect(StreamRule, (consistency,))
"""The rules on all payloads of one file by their codes."""

_RULE_CODES = (*(rule.code for rule in RULES.values()), *(rule.code for rule in STREAM_RULES.values()))

EVERY_CODE: Mapping[str, Code] = MappingProxyType(
    dict(sorted({**CODES, **{code.id: code for code in _RULE_CODES}}.items()))
)
"""The codes of the contract, of transport and of the rules."""
