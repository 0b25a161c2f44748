"""Rules on consent: that the categories are told, as texts, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.persons import is_asked_for_user, user_of
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_TABLE = "developers/tracking/events-reference/README.md#L2686"
_CATEGORIES = "consent_categories"
_PLACE = pointer("user", _CATEGORIES)

# An integer beyond this is no identifier, and of the longest the reader does not keep the digits.
_WIDEST = 10**40


@rule("TC330", "the consent is not told", source=f"{_TABLE}; K018")
def untold_consent(event: RuleContext) -> Iterator[Finding]:
    """Tell an event whose user says nothing of consent.

    The endpoint takes it, but a destination that asks for the consent of a category gets nothing: the event is missing
    there, and nobody is told.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    if is_asked_for_user(event) and _CATEGORIES not in user_of(event):
        yield Finding(
            pointer("user"),
            f"`{_CATEGORIES}` is missing: destinations that ask for consent get nothing",
            {"property": _CATEGORIES},
            "list the categories that the person consented to, as texts",
        )


@rule("TC331", "categories of consent are no texts", Severity.INFO, source=f"{_TABLE}; K017", fix=SAFE)
def numeric_consent(event: RuleContext) -> Iterator[Finding]:
    """Tell categories of consent that are numbers, or anything else than texts.

    The vendor's pages show both texts and numbers, and compare them as texts; the reference of the API asks for texts.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": [1, 3]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    odd = {index: _as_text(value) for index, value in enumerate(_categories(event)) if not isinstance(value, str)}
    if odd:
        patch = tuple({"op": "replace", "path": f"{_PLACE}/{index}", "value": text} for index, text in odd.items())
        yield Finding(
            _PLACE,
            "categories are compared as texts, and some are none",
            {"indexes": list(odd)},
            "write each as a text",
            None if None in odd.values() else Fix("write the categories as texts", patch, is_safe=True),
        )


@rule("TC332", "a category of consent is listed twice", Severity.INFO, basis=Basis.INFERRED, source=_TABLE, fix=SAFE)
def repeated_consent(event: RuleContext) -> Iterator[Finding]:
    """Tell a category of consent that stands in the list more than once.

    A list of categories is a set: the second mention says nothing, and hints that two sources are put together without
    looking. The fix keeps the first mention.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3", "1"]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    seen: set[str] = set()
    repeated: list[int] = []
    for index, value in enumerate(_categories(event)):
        text = _as_text(value)
        if text is not None:
            if text in seen:
                repeated.append(index)
            seen.add(text)
    if repeated:
        patch = tuple({"op": "remove", "path": f"{_PLACE}/{index}"} for index in reversed(repeated))
        yield Finding(
            _PLACE,
            "a category is listed more than once",
            {"indexes": repeated},
            "list each category once",
            Fix("keep the first mention of each category", patch, is_safe=True),
        )


@rule("TC333", "no category of consent is granted", Severity.INFO, source=f"{_TABLE}; K019")
def refused_consent(event: RuleContext) -> Iterator[Finding]:
    """Tell an empty list of categories: the person consented to nothing.

    That is legal, and right when everything was refused. From a sender whose list is always empty, the consent is
    probably not read, and no destination that asks for it ever gets an event.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": []}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1"]}}
    """
    if user_of(event).get(_CATEGORIES) == []:
        yield Finding(
            _PLACE,
            "no category is granted: destinations that ask for consent get nothing",
            hint="check that the consent is read",
        )


def _categories(event: RuleContext) -> list[Any]:
    given = user_of(event).get(_CATEGORIES)
    return given if isinstance(given, list) else []


def _as_text(category: object) -> str | None:
    """Give the text that a category is compared as; None when it is neither a text nor an integer."""
    if isinstance(category, str):
        return category
    is_identifier = isinstance(category, int) and not isinstance(category, bool) and abs(category) < _WIDEST
    return str(category) if is_identifier else None
