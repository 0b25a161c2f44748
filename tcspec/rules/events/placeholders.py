"""The rule on placeholders in ids, names, hashes and the other standard strings of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Basis
from tcspec.rules.placeholders import (
    PLACEHOLDER_HINT,
    describe_placeholder,
    is_invisible,
    is_key,
    is_zeros,
    may_be_placeholder,
    may_have_mark,
)
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_CATEGORY = "list the categories that the person consented to"
_TABLE = "developers/tracking/events-reference/README.md#L2686"


def has_suspects(event: RuleContext) -> bool:
    """Return whether an event may have a placeholder."""
    # The text of an event is searched for its members only: items of an array are not told from names in it.
    return event.may_have_placeholder or any(may_be_placeholder(category) for _, category in _iter_categories(event))


def _iter_categories(event: RuleContext) -> Iterator[tuple[int, str]]:
    categories = event.user.get("consent_categories")
    for index, category in enumerate(categories if isinstance(categories, list) else ()):
        if isinstance(category, str):
            yield index, category


@rule("TC121", "placeholder instead of a value", basis=Basis.INFERRED, source=_TABLE, needs=has_suspects)
def placeholder(event: RuleContext) -> Iterator[Finding]:
    """A string is what a program or a tag manager writes where it has no value, such as `undefined` or `{{ user.id }}`.

    The event is accepted, and everyone without a value becomes one person, one product or one event. Ids, names and
    hashes are checked for blank strings and the nil UUID too, so are consent categories, and all strings for hashes of
    nothing. The rules that ask for an identifier do not count a placeholder as one.

    Bad:

        {"event_name": "login", "user": {"id": "undefined"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024"}}
    """
    strings = (value for known in event.known_objects for value in known.value.values() if isinstance(value, str))
    # Searched all at once, because few events have a mark in any string.
    has_mark = may_have_mark("\n".join(strings))
    for known in event.known_objects:
        for name, value in known.value.items():
            if not isinstance(value, str) or not (has_mark or may_be_placeholder(value)):
                continue
            path = (*known.path, name)
            # An item or an event may be the one with number 0; nobody is.
            has_no_zero = is_key(name) and path[0] == "user"
            found = describe_placeholder(name, value, known.properties.specs.get(name))
            if found or (has_no_zero and is_zeros(value)):
                yield Finding(path, f"`{name}` is {found or 'made of zeros'}", {"property": name}, PLACEHOLDER_HINT)
    for index, category in _iter_categories(event):
        # `none` may be the name of a category.
        found = describe_placeholder("category", category, {"type": "string"})
        if found or is_invisible(category):
            message = f"the category is {found or 'a blank string'}"
            yield Finding(("user", "consent_categories", index), message, {"property": "consent_categories"}, _CATEGORY)
