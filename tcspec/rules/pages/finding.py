"""The page of any code: of the contract from its tables, of a rule from its docstring."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import UnknownKind
from tcspec.rules.pages import contract, documents, requests
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.rules.pages.page import CodePage


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
        return RULES[code].page
    if code in STREAM_RULES:
        return STREAM_RULES[code].page
    raise UnknownKind(code, tuple(EVERY_CODE))
