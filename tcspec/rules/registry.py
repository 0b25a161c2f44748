"""Every rule by its code, of all payloads: for whoever lists, explains or selects them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.codes import CODES, Code
from tcspec.rules.families import every_rule, stream_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.rules.rule import Rule, StreamRule


def _code_of(rule: Rule | StreamRule) -> str:
    return rule.code.id


RULES: Mapping[str, Rule] = MappingProxyType({rule.code.id: rule for rule in sorted(every_rule(), key=_code_of)})
"""The rules on one payload by their codes."""

STREAM_RULES: Mapping[str, StreamRule] = MappingProxyType(
    {rule.code.id: rule for rule in sorted(stream_rules(), key=_code_of)}
)
"""The rules on all payloads of one file by their codes."""

_RULE_CODES = (*(rule.code for rule in RULES.values()), *(rule.code for rule in STREAM_RULES.values()))

EVERY_CODE: Mapping[str, Code] = MappingProxyType(
    dict(sorted({**CODES, **{code.id: code for code in _RULE_CODES}}.items()))
)
"""The codes of the contract, of transport and of the rules."""
