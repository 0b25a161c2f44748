"""Rules on the data of a person: e-mail, phone, birthdate, country, gender."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tcspec.errors import Basis, Fix
from tcspec.patterns import compile_late
from tcspec.rules.events.hashes import breaks_a_hash, find_algorithm
from tcspec.rules.events.identity import is_blank
from tcspec.rules.fixes.offers import replace
from tcspec.rules.iso_codes import COUNTRIES
from tcspec.rules.known_objects import properties_of
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_TABLE = "developers/tracking/events-reference/README.md#L2686"
_ADDRESS = compile_late(r"[^\s@]+@[^\s@]+")
_E164 = compile_late(r"\+[1-9][0-9]{1,14}")
_SEPARATORS = compile_late(r"[\s().\-\u2010-\u2013/]+")
_TRUNK_ZERO = compile_late(r"\(\s*0\s*\)")
_DATE = compile_late(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = compile_late(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_YEAR_FIRST = compile_late(r"\s*([0-9]{4})([./-]?)([0-9]{2})\2([0-9]{2})\s*")
_EMAIL, _PHONE, _BIRTHDATE, _COUNTRY = _FORMATS = ("email", "e164", "date", "iso3166-1-alpha2-or-alpha3")
_GENDERS = {"female": "f", "male": "m"}


def has_profile(event: RuleContext) -> bool:
    """Return whether a user has any of the properties that the rules on profiles check."""
    return not _checked_names().isdisjoint(event.user)


@cache
def _checked_names() -> frozenset[str]:
    user = properties_of("User")
    return frozenset(name for each in _FORMATS for name in user.names_of_format(each)) | {"gender"}


@rule("TC315", "e-mail is invalid or not normalized", basis=Basis.INFERRED, source=_TABLE, fix=SAFE, needs=has_profile)
def odd_email(event: RuleContext) -> Iterator[Finding]:
    """An e-mail has white space or capital letters, or is not an e-mail address.

    The platform and its partners hash the string to match persons: `Ada@Shop.example ` and `ada@shop.example` are two.
    White space is never intended and its removal is a safe fix; capital letters may be, so lower case is an unsafe fix.

    Bad:

        {"event_name": "login", "user": {"email": " Ada@Shop.example"}}

    Good:

        {"event_name": "login", "user": {"email": "ada@shop.example"}}
    """
    for name, text in _iter_strings(event, _EMAIL):
        path, trimmed = ("user", name), text.strip()
        if not _ADDRESS.fullmatch(trimmed):
            message = f"`{name}` is not an e-mail address"
            yield Finding(path, message, {"format": "email"}, f"write an address, or leave `{name}` out")
        elif text != trimmed.lower():
            has_capitals = trimmed != trimmed.lower()
            problems = [*["white space around it"] * (text != trimmed), *["capital letters"] * has_capitals]
            message = f"the e-mail has {' and '.join(problems)}, but is matched as a string"
            # Before the @ capitals may count: mail servers decide that.
            fix = _rewrite(event, name, trimmed.lower(), is_safe=not has_capitals)
            yield Finding(path, message, {"format": "email"}, "use lower case without white space", fix)


@rule("TC316", "phone number is not in E.164", source=f"{_TABLE}; K026", fix=SAFE, needs=has_profile)
def odd_phone(event: RuleContext) -> Iterator[Finding]:
    """A phone number is not written as in E.164: a plus sign, the country code, and digits only.

    Partners match this form; without the country code a number belongs to several persons. If only the separators have
    to be removed, the fix is safe.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "phone": "+41 21 555 01 23"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "phone": "+41215550123"}}
    """
    for name, text in _iter_strings(event, _PHONE):
        if _E164.fullmatch(text):
            continue
        bare = _SEPARATORS.sub("", text)
        # The zero in `+44 (0)20` is only dialled inside the country: without parentheses the number would be wrong.
        # `00` is dialled for the plus sign in most countries, but not in all.
        number = f"+{bare.removeprefix('00')}" if bare.startswith("00") else bare
        can_fix = bool(_E164.fullmatch(number)) and not _TRUNK_ZERO.search(text)
        yield Finding(
            ("user", name),
            f"`{name}` is not in the international form of E.164",
            {"format": "e164"},
            "write a plus sign, the country code and digits only",
            _rewrite(event, name, number, is_safe=number == bare) if can_fix else None,
        )


@rule("TC317", "birthdate is not a past date", source=_TABLE, fix=SAFE, needs=has_profile)
def odd_birthdate(event: RuleContext) -> Iterator[Finding]:
    """A birthdate is not written as `YYYY-MM-DD`, does not exist, or is in the future.

    Segments by age and birthday campaigns only read that form. If year, month and day are in this order with other
    separators the fix is safe; any other order would be a guess.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "birthdate": "1988/02/29"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "birthdate": "1988-02-29"}}
    """
    for name, text in _iter_strings(event, _BIRTHDATE):
        if _is_past(text, event.now):
            continue
        parts = _YEAR_FIRST.fullmatch(text)
        iso = f"{parts[1]}-{parts[3]}-{parts[4]}" if parts else ""
        # The day may be another one in another zone.
        if day := _MIDNIGHT.fullmatch(text):
            iso = day[1]
        is_iso = bool(_DATE.fullmatch(text))
        yield Finding(
            ("user", name),
            "the date does not exist or is in the future" if is_iso else "expected a date as YYYY-MM-DD",
            {"format": "date"},
            "write it as YYYY-MM-DD",
            _rewrite(event, name, iso, is_safe=not day) if _is_past(iso, event.now) else None,
        )


@rule("TC318", "country is not in ISO 3166", source=f"{_TABLE}; K098", fix=SAFE, needs=has_profile)
def odd_country(event: RuleContext) -> Iterator[Finding]:
    """A country is not a code of two or three capital letters.

    Names of countries differ by language; reports and partners identify a country by its code.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "country": "che"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "country": "CHE"}}
    """
    for name, text in _iter_strings(event, _COUNTRY):
        if text in COUNTRIES:
            continue
        code = text.strip().upper()
        yield Finding(
            ("user", name),
            f"`{name}` is not a country code of ISO 3166 in capital letters",
            {"format": "iso3166-1"},
            "write the two or three capital letters of ISO 3166",
            _rewrite(event, name, code) if code in COUNTRIES else None,
        )


@rule("TC319", "unknown gender", source=f"{_TABLE}; K025", fix=SAFE, needs=has_profile)
def odd_gender(event: RuleContext) -> Iterator[Finding]:
    """The gender of the user is neither `f` nor `m`.

    Products and the user API have words for it; events have letters, and segments ignore anything else.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "gender": "female"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "gender": "f"}}
    """
    value = event.user.get("gender")
    listed = properties_of("User").specs["gender"]["enum"]
    if not isinstance(value, str) or value in listed or find_algorithm(value):
        return
    word = value.strip().lower()
    letter = _GENDERS.get(word, word)
    expected = " or ".join(listed)
    yield Finding(
        ("user", "gender"),
        f"expected {expected}, got {'a blank' if is_blank(value) else 'another'} string",
        {"allowed": list(listed)},
        f"write {expected}, or leave it out",
        _rewrite(event, "gender", letter) if letter in listed else None,
    )


def _iter_strings(event: RuleContext, expected_format: str) -> Iterator[tuple[str, str]]:
    """Yield the properties of the user for which the vendor requires a format and that are strings, without hashes."""
    for name in properties_of("User").names_of_format(expected_format):
        value = event.user.get(name)
        # A hash in the place of a plain value has a rule of its own.
        if isinstance(value, str) and not find_algorithm(value):
            yield name, value


def _rewrite(event: RuleContext, name: str, text: str, *, is_safe: bool = True) -> Fix | None:
    """Return the fix that rewrites a property of the user; None if a hash beside it matches the present form."""
    if breaks_a_hash(event.user, name, text):
        return None
    return Fix(f"normalize `{name}`", (replace(("user", name), text),), is_safe)


def _is_past(text: str, now: int) -> bool:
    """Return whether a string is the date of a day that has begun somewhere on Earth."""
    if not _DATE.fullmatch(text):
        return False
    try:
        today = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now)
        # A day more, because somewhere it is tomorrow already.
        return date.fromisoformat(text) <= today.date() + timedelta(days=1)
    except (ValueError, OverflowError):
        return False
