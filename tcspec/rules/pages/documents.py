"""The pages of the codes of documents: what keeps bytes from being read as a payload, and sizes."""

from __future__ import annotations

from types import MappingProxyType

from tcspec.rules.pages.examples import BY_WHOM, CALL, SEARCH, WHEN, event
from tcspec.rules.pages.page import CodePage, Form

_GOOD = event(*SEARCH)
_TITLED = (*SEARCH, '"title": "Café des Alpes"')

PAGES = MappingProxyType(
    {
        "TC001": CodePage(
            "The document is not JSON as RFC 8259 has it.",
            "The endpoint answers 400 and nothing is kept. Comments, trailing commas, single quotes and bare names are "
            "JavaScript, not JSON: let a JSON library write the body.",
            _GOOD.replace("0}\n}", "0},\n}"),
            _GOOD,
        ),
        "TC002": CodePage(
            "The document is not UTF-8.",
            "JSON that is sent is in UTF-8, and what is not cannot be decoded without guessing. Mostly a program wrote "
            "it in Latin-1 or Windows-1252: encode the body in UTF-8.",
            event(*_TITLED).replace("é", "[bytes E9]"),
            event(*_TITLED),
        ),
        "TC003": CodePage(
            "The document starts with a byte order mark.",
            "Editors put the mark there, it is invisible, and many JSON parsers refuse it. Save the file as UTF-8 "
            "without the mark.",
            f"[bytes EF BB BF]{_GOOD}",
            _GOOD,
        ),
        "TC004": CodePage(
            "One object gives a key twice.",
            "Most parsers silently keep the last value, others the first, so that sender and receiver see different "
            "events. Keep the value that is meant and remove the other.",
            event(*SEARCH, '"search_term": "stove"'),
            _GOOD,
        ),
        "TC005": CodePage(
            "A text holds half of a surrogate pair.",
            "A character beyond U+FFFF is escaped as a pair; one half of it is no character, and no UTF-8 can hold it. "
            "Mostly a text was cut in the middle of an emoji: cut it between characters.",
            event(*SEARCH, r'"title": "Tents \ud83c"'),
            event(*SEARCH, r'"title": "Tents \ud83c\udfd5"'),
        ),
        "TC006": CodePage(
            "The document is nested deeper than what is read.",
            "Objects and lists within each other take memory in every program on the way, and hundreds of levels are a "
            "mistake or an attack. 200 levels are read; `--max-depth` asks for another limit.",
            event(*SEARCH, '"filters": [200 levels]'),
            event(*SEARCH, '"filters": [3 levels]'),
        ),
        "TC007": CodePage(
            "The document is longer than what is read.",
            "8 MiB are read of one document or line, which is far beyond what the endpoints take. Is it several "
            "payloads? Write one a line, or send them in parts.",
            event(*SEARCH, '"notes": "[8388608 characters]"'),
            event(*SEARCH, '"notes": "[200 characters]"'),
        ),
        "TC008": CodePage(
            "The document is empty.",
            "No text at all, or nothing but white space, is no JSON: the endpoint answers 400. Mostly the body was "
            "never written, or was read twice.",
            "[0 characters]",
            _GOOD,
        ),
        "TC009": CodePage(
            "The payload is JSON, but no object.",
            "Every payload is one object. Several events go to `/events/batch` as the list `batch` of one object; "
            "products and conversions go one object a line.",
            f"[\n{_GOOD}\n]",
            _GOOD,
        ),
        "TC010": CodePage(
            "A Python value has no JSON form.",
            "Sets, bytes, dates, decimals and keys that are no texts exist in Python only. Convert them before: a set "
            "to a sorted list, a date to epoch milliseconds, an amount to a number.",
            event(*SEARCH, '"sizes": {"M", "L"}'),
            event(*SEARCH, '"sizes": ["L", "M"]'),
            Form.PYTHON,
        ),
        "TC011": CodePage(
            "NaN or an infinity stands where JSON has a number.",
            "JSON has no spelling for them, and the endpoint cannot read a body that has one. Leave the property out "
            "when nothing was measured.",
            event(*SEARCH, '"rating": NaN'),
            event(*SEARCH, '"rating": 4.5'),
        ),
        "TC012": CodePage(
            "The query string of a call cannot be read without guessing.",
            "Names nest in brackets: an open bracket, a name given twice, or one that is both a text and an object "
            "leaves open which value is meant. Build the query from the event instead of by hand.",
            f"{CALL}{BY_WHOM}{WHEN}".replace("[id]", "[id"),
            f"{CALL}{BY_WHOM}{WHEN}",
            Form.CALL,
            "pixel",
        ),
        "TC020": CodePage(
            "The body is over the size limit.",
            "An event may have 32 KB and a batch 500 KB, read here as 32,768 and 512,000 bytes of the UTF-8 body "
            "(K011). More is answered with 400, and of a batch the event that is too large is lost (K012). "
            "`tcspec size` names the paths that cost most; `split_batch` cuts a batch.",
            event(*SEARCH, '"notes": "[33000 characters]"'),
            event(*SEARCH, '"notes": "[200 characters]"'),
        ),
        "TC021": CodePage(
            "The body is over the size limit if a kilobyte is 1,000 bytes.",
            "The vendor does not say how many bytes a KB has (K011). Below 32,000 bytes an event, and below 500,000 a "
            "batch, is safe whichever is meant; shorten the paths that `tcspec size` names first.",
            event(*SEARCH, '"notes": "[32200 characters]"'),
            event(*SEARCH, '"notes": "[200 characters]"'),
        ),
        "TC060": CodePage(
            "An event that the run requires did not occur, or not often enough.",
            "Tests that send no purchase prove nothing about purchases. `--require-events` names what a run must "
            "contain; events with errors do not count. The examples are runs that require `login`.",
            event(*SEARCH),
            event('"event_name": "login"', '"method": "password"'),
        ),
    }
)
"""The pages by their codes."""
