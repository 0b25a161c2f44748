"""The rule on values that a closed or recommended list of the vendor does not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tcspec.contract.catalogue import is_personal, may_be_personal
from tcspec.errors import Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.vocabulary import closest, places, same_but_spelt
from tcspec.rules.fixes.offers import offer, replace
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_LONGEST_SHOWN = 40
_OF_IDENTITY = "gender"


@rule(
    "TC116",
    "a value is not in the list of the vendor",
    source="developers/tracking/events-reference/README.md; K060",
    fix=SAFE,
)
def outside_the_list(event: RuleContext) -> Iterator[Finding]:
    """Tell a value that is in no list of those the vendor gives for the property.

    The lists of payment methods, of states of an order and of kinds of ads are called closed, though nothing refuses
    other values; reports and destinations know those of the list alone (K059, K060). Other lists are
    recommendations.

    Bad:

        {"event_name": "add_payment_info", "payment_method": "CreditCard"}

    Good:

        {"event_name": "add_payment_info", "payment_method": "card"}
    """
    for place in places(event):
        for name, entry in place.known.items():
            listed = entry.get("enum") or entry.get("recommended", ())
            value = place.held.get(name)
            if listed and isinstance(value, str) and value not in listed and name != _OF_IDENTITY:
                severity = Severity.WARNING if "enum" in entry else Severity.INFO
                yield _unlisted(event, (*place.path, name), value, listed, severity)


def _unlisted(event: RuleContext, path: Path, value: str, listed: list[str], severity: Severity) -> Finding:
    same = same_but_spelt(value, listed)
    meant = same or closest(value, listed)
    fix = offer(event, f"write {meant}", replace(path, meant), is_safe=bool(same)) if meant else None
    is_hidden = is_personal(path, event.version) or may_be_personal(value)
    is_shown = len(value) <= _LONGEST_SHOWN and not is_hidden
    actual = json.dumps(value, ensure_ascii=False) if is_shown else "another text"
    message = f"expected one of {', '.join(listed)}; found {actual}"
    data = {"property": path[-1], "expected": listed, "actual": actual}
    hint = f"did you mean {meant}?" if meant else None
    return Finding(pointer(*path), message, data, hint, fix, severity)
