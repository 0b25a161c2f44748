"""Rules on who did it: the keys by which a person or a device is known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity
from tcspec.rules.context import pointer
from tcspec.rules.events.persons import algorithm_of, is_asked_for_user, is_blank, suffix_of, user_of
from tcspec.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_README = "developers/tracking/events-reference/README.md#L2686"
_OPENAPI = ".gitbook/assets/http_tracking_api_spec.yaml"
_KEYS = ("id", "email")
_DEVICE_KEY = "consistent_anonymous_id"


@rule("TC310", "nothing says who the user is", source=f"{_README}; K020, K028")
def unknown_user(event: RuleContext) -> Iterator[Finding]:
    """Tell a user with neither an id nor an e-mail, in plain or hashed.

    One of them is what lets the platform recognise the person, on the next visit and at every partner. A web or mobile
    client knows its visitors by their device until they sign in, so there it is no more than a remark, unless the user
    is empty.

    Bad:

        {"event_name": "login", "user": {"firstname": "Ada", "consent_categories": ["1", "3"]}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consent_categories": ["1", "3"]}}
    """
    user = user_of(event)
    if not is_asked_for_user(event) or any(name in user and not is_blank(user[name]) for name in _identifiers()):
        return
    yield Finding(
        pointer("user"),
        "nothing says who the user is, by an id, an e-mail or a hash of it" if user else "the user is empty",
        {"properties": list(_KEYS)},
        "give the customer's own id or the e-mail, in plain or hashed",
        severity=None if event.sender == "server" or not user else Severity.INFO,
    )


@rule("TC311", "the e-mail is known by its MD5 only", Severity.INFO, source=f"{_README}; K021")
def only_md5(event: RuleContext) -> Iterator[Finding]:
    """Tell an e-mail of which there is nothing but the MD5.

    MD5 is broken, and most partners match by SHA-256 alone: to them the person is unknown.

    Bad:

        {"event_name": "login", "user": {"email_md5": "76d4164d081ebc17f5e1d3c57321544d"}}

    Good:

        {"event_name": "login", "user": {
            "email_md5": "76d4164d081ebc17f5e1d3c57321544d",
            "email_sha256": "a4c14f1b068bf2c602e289b5dfcd89085692c73c63daf5a90a0b481b7328ee35"
        }}
    """
    user = user_of(event)
    hashed = f"email{suffix_of('md5')}"
    email = user.get("email")
    is_hashed = isinstance(email, str) and algorithm_of(email) == "md5"
    if f"email{suffix_of('sha256')}" in user or not (is_hashed or ("email" not in user and hashed in user)):
        return
    yield Finding(
        pointer("user", hashed if hashed in user else "email"),
        "the e-mail is known by its MD5 only, and most partners match by SHA-256",
        hint="add `email_sha256`, or the e-mail in plain",
    )


@rule("TC320", "nothing says which browser or device it was", source=f"{_OPENAPI}; K006")
def unknown_device(event: RuleContext) -> Iterator[Finding]:
    """Tell an event of a server that lacks the identifier of the browser or device.

    The clients of the vendor add `consistent_anonymous_id`. A server has to hand it on, or its events cannot be tied to
    what the same person did on the site or in the app.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "consistent_anonymous_id": "d-5f0c2b1e"}}
    """
    if event.sender != "server" or not is_asked_for_user(event):
        return
    user = user_of(event)
    if _DEVICE_KEY not in user or is_blank(user[_DEVICE_KEY]):
        yield Finding(
            pointer("user"),
            f"`{_DEVICE_KEY}` is missing, so the event is tied to no browser or device",
            {"property": _DEVICE_KEY},
            "hand on the identifier that the client has",
        )


@cache
def _identifiers() -> frozenset[str]:
    """Name every property by which a person is known: the keys, their hashes, and their former spellings."""
    known = load_catalogue()["objects"]["User"]["properties"]
    hashed = {key + suffix_of(algorithm) for key in _KEYS for algorithm in load_catalogue()["hashes"]}
    former = {name for name, entry in known.items() if entry.get("replaced_by") in _KEYS}
    return frozenset({*_KEYS, *hashed, *former})
