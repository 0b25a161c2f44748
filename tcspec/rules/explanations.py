"""The explanation of any code: from `codes.toml`, or from the docstring of a rule's function."""

from __future__ import annotations

import textwrap
from inspect import getdoc
from typing import TYPE_CHECKING

from tcspec.codes import Explanation, explanations
from tcspec.errors import UnknownKind
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES

if TYPE_CHECKING:
    from collections.abc import Callable


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
