"""The page of any code: of the contract from its tables, of a rule from its docstring."""

from __future__ import annotations

import textwrap
from inspect import getdoc
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import UnknownKind
from tcspec.rules.pages import contract, documents, requests
from tcspec.rules.pages.page import CodePage
from tcspec.rules.table import EVERY_CODE, RULES, STREAM_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.rules.files.streams import StreamRule
    from tcspec.rules.rule import Rule

CONTRACT_PAGES: Mapping[str, CodePage] = MappingProxyType(
    dict(sorted({**documents.PAGES, **requests.PAGES, **contract.PAGES}.items()))
)
"""The pages of the codes that are none of a rule."""


def page_for(code: str) -> CodePage:
    """Give the page of a code, its examples as they would stand in a file.

    Raises:
        UnknownKind: when there is no such code.
    """
    if code in CONTRACT_PAGES:
        return CONTRACT_PAGES[code]
    if code in RULES:
        return _of_rule(RULES[code], RULES[code].look)
    if code in STREAM_RULES:
        return _of_rule(STREAM_RULES[code], STREAM_RULES[code].start)
    raise UnknownKind(code, tuple(EVERY_CODE))


def _of_rule(rule: Rule | StreamRule, documented: object) -> CodePage:
    _, _, examples = (getdoc(documented) or "").partition("\nBad:\n\n")
    bad, _, good = (textwrap.dedent(part).strip("\n") for part in examples.partition("\nGood:\n\n"))
    kind = None if "event" in rule.kinds else rule.kinds[0]
    return CodePage(rule.page.summary, rule.page.text, bad, good, kind=kind)
