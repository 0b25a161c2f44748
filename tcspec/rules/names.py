"""Rules on the names of events and properties: close to a standard one, deprecated, or of another event."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcspec.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
