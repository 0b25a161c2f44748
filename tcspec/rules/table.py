"""Every rule, once, by its code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.codes import CODES, Code
from tcspec.rules import bulk, identity, legacy, moments, money, names, transport, video

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.rules.rule import Rule

_FAMILIES = (transport, names, moments, identity, money, video, legacy, bulk)

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code.id: rule for family in _FAMILIES for rule in sorted(family.RULES, key=lambda rule: rule.code.id)}
)

EVERY_CODE: Mapping[str, Code] = MappingProxyType(
    dict(sorted({**CODES, **{name: rule.code for name, rule in RULES.items()}}.items()))
)
"""The codes of the contract and of the rules."""
