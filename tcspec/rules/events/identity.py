"""Rules on who a user is and what the user consented to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Basis, Fix, Severity
from tcspec.json_types import is_integer, type_name
from tcspec.rules.events.hashes import suffix_of
from tcspec.rules.fixes.offers import remove, replace
from tcspec.rules.placeholders import identifies_nobody
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import Path, RuleContext

_TABLE = "developers/tracking/events-reference/README.md#L2686"
_OPENAPI = ".gitbook/assets/http_tracking_api_spec.yaml"
_KEYS = ("id", "email")
_DEVICE_KEY, _CATEGORIES, _GOOGLE = "consistent_anonymous_id", "consent_categories", "google_consent_mode"
_CATEGORIES_PATH: Path = ("user", _CATEGORIES)
_GA4 = "features/destinations/destinations-catalog/google-analytics-4/README.md"
_GOOGLE_KEYS = ("ad_user_data", "ad_personalization", "ad_storage", "analytics_storage")
_GOOGLE_VALUES = ("granted", "denied")

_MAX_CATEGORY = 10**40
"""A larger integer is no identifier, and the reader does not keep the digits of the longest ones."""


def is_blank(value: object) -> bool:
    """Return whether a value is a string of white space, or an empty one."""
    return isinstance(value, str) and not value.strip()


def has_user(event: RuleContext) -> bool:
    """Return whether an event has a user, perhaps an empty one."""
    return isinstance(event.value.get("user"), dict)


def has_odd_categories(event: RuleContext) -> bool:
    """Return whether the consent categories of a user are a list, but not of one or several different strings."""
    categories = event.user.get(_CATEGORIES)
    if not isinstance(categories, list):
        return False
    return set(map(type, categories)) != {str} or len(set(categories)) != len(categories)


@rule("TC310", "user cannot be identified", source=f"{_TABLE}; K020, K028", needs=has_user)
def unidentified_user(event: RuleContext) -> Iterator[Finding]:
    """A user has neither an id nor an e-mail, plain or hashed; a placeholder such as `undefined` is neither.

    One of them identifies the person on the next visit and at every partner. A web or mobile client knows its visitors
    by their device until they sign in, so there it is only an info, unless the user is empty.

    Bad:

        {"event_name": "login", "user": {"firstname": "Ada", "consent_categories": ["1", "3"]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    user = event.user
    if not _requires_identity(event):
        return
    # Most events have no string that identifies nobody, which is known before each is looked at.
    if not event.may_have_placeholder and not _identifiers().isdisjoint(user):
        return
    if any(not identifies_nobody(user[name]) for name in _identifiers() & user.keys()):
        return
    yield Finding(
        ("user",),
        "missing `id` or `email`" if user else "`user` is empty",
        {"properties": list(_KEYS)},
        "add the customer's id or the e-mail, plain or hashed",
        # A client shows its device where it does not know the person; a server has nothing else.
        severity=None if event.sender == "server" or not user else Severity.INFO,
    )


@rule("TC320", "missing `consistent_anonymous_id`", source=f"{_OPENAPI}; K006", needs=has_user)
def unidentified_device(event: RuleContext) -> Iterator[Finding]:
    """An event of a server lacks the identifier of the browser or device.

    The vendor's clients add `consistent_anonymous_id`. A server has to pass it on, otherwise its events cannot be
    joined with what the same person did on the site or in the app.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consistent_anonymous_id": "d-5f0c2b1e"}}
    """
    user = event.user
    if event.sender != "server" or not _requires_identity(event):
        return
    if _DEVICE_KEY not in user or (event.may_have_placeholder and identifies_nobody(user[_DEVICE_KEY])):
        message = f"missing `{_DEVICE_KEY}`"
        yield Finding(("user",), message, {"property": _DEVICE_KEY}, "pass on the identifier of the client")


@rule("TC330", "missing `consent_categories`", source=f"{_TABLE}; K018", needs=has_user)
def missing_consent(event: RuleContext) -> Iterator[Finding]:
    """An event has a user without consent categories.

    The endpoint accepts it, but destinations that require the consent of a category do not receive the event, and
    nothing reports that.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    if _requires_identity(event) and _CATEGORIES not in event.user:
        yield Finding(
            ("user",),
            f"missing `{_CATEGORIES}`: destinations that require consent do not receive the event",
            {"property": _CATEGORIES},
            "list the categories that the person consented to, as strings",
        )


@rule(
    "TC331",
    "consent category is not a string",
    Severity.INFO,
    source=f"{_TABLE}; K017, K125",
    fix=SAFE,
    harmless=True,
    needs=has_odd_categories,
)
def numeric_consent(event: RuleContext) -> Iterator[Finding]:
    """A consent category is a number, or anything else but a string.

    The vendor's pages show both strings and numbers, and compare them as strings; the reference of the API requires
    strings. What is neither a string nor an integer, such as null, is a warning: it is no category.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": [1, 3]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    texts = {index: _to_text(value) for index, value in enumerate(_categories(event)) if not isinstance(value, str)}
    if texts:
        fix = None
        # All or none: a list of both types is compared no better than before.
        if None not in texts.values():
            patch = tuple(replace((*_CATEGORIES_PATH, index), text) for index, text in texts.items())
            fix = Fix("write the categories as strings", patch, is_safe=True)
        message = "expected strings, got other types: categories are compared as strings"
        severity = None if all(map(_is_category, _categories(event))) else Severity.WARNING
        hint = "write each category as a string"
        yield Finding(_CATEGORIES_PATH, message, {"indexes": list(texts)}, hint, fix, severity)


@rule(
    "TC332",
    "duplicate consent category",
    Severity.INFO,
    basis=Basis.INFERRED,
    source=_TABLE,
    fix=SAFE,
    harmless=True,
    needs=has_odd_categories,
)
def duplicate_consent(event: RuleContext) -> Iterator[Finding]:
    """A consent category is listed more than once.

    The list is a set, so the repetition has no meaning. Two sources of consent were probably concatenated. The fix
    keeps the first occurrence.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3", "1"]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    seen: set[str] = set()
    repeated: list[int] = []
    for index, value in enumerate(_categories(event)):
        text = _to_text(value)
        if text is not None:
            if text in seen:
                repeated.append(index)
            seen.add(text)
    if repeated:
        # The last one first: every removal shifts what follows.
        patch = tuple(remove((*_CATEGORIES_PATH, index)) for index in reversed(repeated))
        fix = Fix("keep the first of each category", patch, is_safe=True)
        message = "a category is listed more than once"
        yield Finding(_CATEGORIES_PATH, message, {"indexes": repeated}, "list each category once", fix)


@rule("TC333", "no consent category is granted", Severity.INFO, source=f"{_TABLE}; K019", needs=has_odd_categories)
def refused_consent(event: RuleContext) -> Iterator[Finding]:
    """The list of consent categories is empty: the person consented to nothing.

    That is legal, and correct when everything was refused. If the list of a sender is always empty, the consent is
    probably never read, and destinations that require it never receive an event.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": []}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1"]}}
    """
    if event.user.get(_CATEGORIES) == []:
        message = f"`{_CATEGORIES}` is empty: destinations that require consent do not receive the event"
        yield Finding(_CATEGORIES_PATH, message, hint="check that the sender reads the consent")


def has_google_consent(event: RuleContext) -> bool:
    """Return whether a user has a consent for Google."""
    return _GOOGLE in event.user


@rule(
    "TC334",
    "unknown value of Google's consent mode",
    basis=Basis.INFERRED,
    source=f"{_GA4}#L613; K124",
    fix=SAFE,
    needs=has_google_consent,
)
def odd_google_consent(event: RuleContext) -> Iterator[Finding]:
    """A consent in `user.google_consent_mode` is neither `granted` nor `denied`.

    Destinations of Google read it there, and Google knows these two values. Of any other one nobody knows what the
    person consented to.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "google_consent_mode": {"ad_user_data": true}}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "google_consent_mode": {"ad_user_data": "granted"}}}
    """
    mode, path, expected = event.user.get(_GOOGLE, {}), ("user", _GOOGLE), " or ".join(_GOOGLE_VALUES)
    if not isinstance(mode, dict):
        yield Finding(path, f"expected an object, got {type_name(mode)}", hint="send an object with `ad_user_data`")
        return
    for name in _GOOGLE_KEYS:
        if name in mode and mode[name] not in _GOOGLE_VALUES:
            known = mode[name].strip().lower() if isinstance(mode[name], str) else ""
            patch = (replace((*path, name), known),)
            fix = Fix(f"write `{known}`", patch, is_safe=True) if known in _GOOGLE_VALUES else None
            actual = "another string" if isinstance(mode[name], str) else type_name(mode[name])
            data = {"property": name, "allowed": list(_GOOGLE_VALUES)}
            yield Finding((*path, name), f"expected {expected}, got {actual}", data, f"send {expected}", fix)


def _requires_identity(event: RuleContext) -> bool:
    """Return whether an event has a user who should be identified; events of the platform itself need not (K074)."""
    return has_user(event) and event.spec.get("status") != "platform_generated"


@cache
def _identifiers() -> frozenset[str]:
    """Return the names of all properties that identify a person: the keys, their hashes and their former names."""
    specs = load_catalogue()["objects"]["User"]["properties"]
    hashed = {key + suffix_of(algorithm) for key in _KEYS for algorithm in load_catalogue()["hashes"]}
    former = {name for name, spec in specs.items() if spec.get("replaced_by") in _KEYS}
    return frozenset({*_KEYS, *hashed, *former})


def _categories(event: RuleContext) -> list[Any]:
    categories = event.user.get(_CATEGORIES)
    return categories if isinstance(categories, list) else []


def _is_category(value: object) -> bool:
    """Return whether a value is a string or an integer, for which JSON Schema takes 1.0 too."""
    return isinstance(value, str) or is_integer(value) or (isinstance(value, float) and value.is_integer())


def _to_text(category: object) -> str | None:
    """Return the string that a category is compared as; None when it is neither a string nor an integer."""
    if isinstance(category, str):
        return category
    is_identifier = is_integer(category) and abs(category) < _MAX_CATEGORY
    return str(category) if is_identifier else None
