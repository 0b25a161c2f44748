"""Every rule by its code, of all payloads: for whoever lists, explains or selects them."""

from __future__ import annotations

import textwrap
from inspect import getdoc
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.codes import CODES, Code, Explanation, explanations
from tcspec.errors import UnknownKind
from tcspec.rules.families import every_rule, stream_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def explain_code(code: str) -> Explanation:
    """Return the explanation of a code.

    Raises:
        UnknownKind: when there is no such code.
    """
    if code in RULES:
        return parse_docstring(RULES[code].find, RULES[code].kinds)
    if code in STREAM_RULES:
        return parse_docstring(STREAM_RULES[code].start, STREAM_RULES[code].kinds)
    if code in EVERY_CODE:
        return explanations()[code]
    raise UnknownKind(code, tuple(EVERY_CODE))


def parse_docstring(function: Callable[..., object], kinds: tuple[str, ...]) -> Explanation:
    """Parse the docstring of a rule: a sentence, why it matters, then `Bad:` and `Good:` with an example each."""
    prose, _, examples = (getdoc(function) or "").partition("\nBad:\n\n")
    bad, _, good = (textwrap.dedent(part).strip("\n") for part in examples.partition("\nGood:\n\n"))
    summary, _, text = prose.strip().partition("\n")
    return Explanation(summary, text.strip(), bad, good, kind=None if "event" in kinds else kinds[0])
