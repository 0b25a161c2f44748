"""Every rule, once, by its code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

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
from tcspec.rules.streams import order_and_repeats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.rules.rule import Rule
    from tcspec.rules.streams.order_and_repeats import StreamRule

_FAMILIES = (
    transport,
    names,
    properties,
    lists,
    timestamps,
    identity,
    hashes,
    profiles,
    consent,
    money,
    items,
    video,
    players,
    campaign,
    legacy,
    texts,
    products,
    buyers,
    conversions,
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code.id: rule for family in _FAMILIES for rule in sorted(family.RULES, key=lambda rule: rule.code.id)}
)

STREAM_RULES: Mapping[str, StreamRule] = MappingProxyType({rule.code.id: rule for rule in order_and_repeats.RULES})
"""The rules over the payloads of one file, by their codes."""

_RULED = (*(rule.code for rule in RULES.values()), *(rule.code for rule in STREAM_RULES.values()))

EVERY_CODE: Mapping[str, Code] = MappingProxyType(dict(sorted({**CODES, **{code.id: code for code in _RULED}}.items())))
"""The codes of the contract and of the rules."""
