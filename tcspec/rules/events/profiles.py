"""Rules on what is told of a person: e-mail, phone, birthdate, country, gender."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tcspec.errors import Basis, Fix
from tcspec.rules.context import pointer
from tcspec.rules.countries import COUNTRIES
from tcspec.rules.events.persons import algorithm_of, breaks_a_hash, is_blank, texts, user_of
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_TABLE = "developers/tracking/events-reference/README.md#L2686"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2013/]+")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"\s*([0-9]{4})([./-]?)([0-9]{2})\2([0-9]{2})\s*")
_GENDERS = {"female": "f", "male": "m"}


@rule("TC315", "an e-mail is no address, or not in its usual form", basis=Basis.INFERRED, source=_TABLE, fix=SAFE)
def odd_email(event: RuleContext) -> Iterator[Finding]:
    """Tell an e-mail with white space or capital letters, or that is no address at all.

    The platform and its partners hash the text to match persons: `Ada@Shop.example ` and `ada@shop.example` are two.
    White space alone is never meant and is taken away safely; capitals may be, so small letters are for `--unsafe`.

    Bad:

        {"event_name": "login", "user": {"email": " Ada@Shop.example"}}

    Good:

        {"event_name": "login", "user": {"email": "ada@shop.example"}}
    """
    for name, text in texts(event, "email"):
        where, trimmed = pointer("user", name), text.strip()
        if not _ADDRESS.fullmatch(trimmed):
            yield Finding(where, "the text is no e-mail address", {"format": "email"}, "leave it out, or give one")
        elif text != trimmed.lower():
            is_spaced = text != trimmed
            told = [*["white space around it"] * is_spaced, *["capital letters"] * (trimmed != trimmed.lower())]
            yield Finding(
                where,
                f"the e-mail has {' and '.join(told)}, and is matched as a text",
                {"format": "email"},
                "write it in small letters, without white space",
                _respelt(event, name, trimmed.lower(), is_safe=trimmed == trimmed.lower()),
            )


@rule("TC316", "a phone number is not in international form", source=f"{_TABLE}; K026", fix=SAFE)
def odd_phone(event: RuleContext) -> Iterator[Finding]:
    """Tell a phone number that is not in the form of E.164: a plus sign, the country, and digits only.

    Partners match by that form; without the country a number is that of several persons. What has the plus sign and
    needs no more than its separators taken away is mended safely.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "phone": "+41 21 555 01 23"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "phone": "+41215550123"}}
    """
    for name, text in texts(event, "e164"):
        if _E164.fullmatch(text):
            continue
        bare = _SEPARATORS.sub("", text)
        # The zero in `+44 (0)20` is dialled inside the country only.
        is_mended = bool(_E164.fullmatch(bare)) and not _TRUNK_ZERO.search(text)
        yield Finding(
            pointer("user", name),
            "the phone number is not in the international form of E.164",
            {"format": "e164"},
            "write a plus sign, the code of the country and digits only",
            _respelt(event, name, bare, is_safe=True) if is_mended else None,
        )


@rule("TC317", "a birthdate is no date", source=_TABLE, fix=SAFE)
def odd_birthdate(event: RuleContext) -> Iterator[Finding]:
    """Tell a birthdate that is not written `YYYY-MM-DD`, is on no calendar, or is yet to come.

    Segments by age and gifts for birthdays read that form only. Year, month and day in that order with other signs
    between them are mended safely; any other order would be a guess.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "birthdate": "1988/02/29"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "birthdate": "1988-02-29"}}
    """
    for name, text in texts(event, "date"):
        if _is_past(text, event.now):
            continue
        parts = _YEAR_FIRST.fullmatch(text)
        written = f"{parts[1]}-{parts[3]}-{parts[4]}" if parts else ""
        is_form = bool(_DATE.fullmatch(text))
        yield Finding(
            pointer("user", name),
            "the date is on no calendar, or yet to come" if is_form else "the date is not written year-month-day",
            {"format": "date"},
            "write it as YYYY-MM-DD",
            _respelt(event, name, written, is_safe=True) if _is_past(written, event.now) else None,
        )


@rule("TC318", "a country is no code of ISO 3166", source=f"{_TABLE}; K098", fix=SAFE)
def odd_country(event: RuleContext) -> Iterator[Finding]:
    """Tell a country that is not the code of one, in two or three capital letters.

    Names of countries are written in as many ways as there are languages; by the code, reports and partners know it.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "country": "che"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "country": "CHE"}}
    """
    for name, text in texts(event, "iso3166-1-alpha2-or-alpha3"):
        if text in COUNTRIES:
            continue
        code = text.strip().upper()
        yield Finding(
            pointer("user", name),
            "the text is no code of a country, or not in capital letters",
            {"format": "iso3166-1"},
            "write the two or three capital letters of ISO 3166",
            _respelt(event, name, code, is_safe=True) if code in COUNTRIES else None,
        )


@rule("TC319", "a gender is none of those listed", source=f"{_TABLE}; K025", fix=SAFE)
def odd_gender(event: RuleContext) -> Iterator[Finding]:
    """Tell a gender of the user that is neither `f` nor `m`.

    Products and the API of users have words for it; events have letters, and anything else falls out of segments.

    Bad:

        {"event_name": "login", "user": {"id": "C-1024", "gender": "female"}}

    Good:

        {"event_name": "login", "user": {"id": "C-1024", "gender": "f"}}
    """
    value = user_of(event).get("gender")
    listed = event.entry(("user", "gender")).get("enum", ())
    if not isinstance(value, str) or not listed or value in listed or algorithm_of(value):
        return
    word = value.strip().lower()
    letter = _GENDERS.get(word, word)
    yield Finding(
        pointer("user", "gender"),
        "the gender is empty" if is_blank(value) else "the gender is none of those that events have",
        {"allowed": list(listed)},
        f"write one of {', '.join(listed)}, or leave it out",
        _respelt(event, "gender", letter, is_safe=True) if letter in listed else None,
    )


def _respelt(event: RuleContext, name: str, text: str, *, is_safe: bool) -> Fix | None:
    """Make the fix that spells a property of the user anew; none where a hash beside it is of the old spelling."""
    user = user_of(event)
    if breaks_a_hash(user, name, text):
        return None
    where = pointer("user", name)
    return Fix(f"write `{name}` in the usual form", ({"op": "replace", "path": where, "value": text},), is_safe=is_safe)


def _is_past(text: str, now: int) -> bool:
    """Tell whether a text is the date of a day that has begun somewhere on Earth."""
    if not _DATE.fullmatch(text):
        return False
    try:
        today = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now)
        return date.fromisoformat(text) <= today.date() + timedelta(days=1)
    except (ValueError, OverflowError):
        return False
