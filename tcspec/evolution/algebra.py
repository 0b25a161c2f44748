"""The algebra of schemas that jsonschema-rs has: asked where looking at keywords does not decide.

It is experimental there: that it is missing, or fails, means that nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tcspec.evolution.unfolding import TooLargeError, conjunction

if TYPE_CHECKING:
    from tcspec.evolution.facts import Facts
    from tcspec.evolution.parts import Part


def covers(wide: Part, narrow: Facts) -> bool:
    """Tell whether the algebra proves that one schema takes all that others take together."""
    try:
        return _proves(conjunction([wide]), conjunction(narrow))
    except TooLargeError:
        return False


def _proves(wide: dict[str, Any], narrow: dict[str, Any]) -> bool:
    try:
        canonical = jsonschema_rs.canonicalize
        answer = canonical(wide, offline=True).covers(canonical(narrow, offline=True))
        return bool(answer == jsonschema_rs.canonical.Containment.YES)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of Rust is no Exception
        return False
