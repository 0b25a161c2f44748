"""Rules on what should not travel in a payload, and what makes it nearly too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcspec.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
