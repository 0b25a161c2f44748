"""Rules on who did it: identifiers, hashes, consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcspec.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
