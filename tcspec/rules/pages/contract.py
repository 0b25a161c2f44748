"""The pages of the codes of contracts: something is missing, of the wrong type, or of the wrong value."""

from __future__ import annotations

from types import MappingProxyType

from tcspec.rules.pages.examples import BY_WHOM, CALL, CONTEXT, SEARCH, USER, WHEN, event
from tcspec.rules.pages.page import CodePage, Form

_NOT_YET = "No property of this family is bound so today, so nothing has this code; it is kept for when one is."
_CAMPAIGN = ('"event_name": "ad_click"', '"medium": "banner"', '"source": "hiking-news"', '"campaign": "spring"')
_CART = (
    '"event_name": "add_to_cart"',
    '"value": 119.9',
    '"currency": "EUR"',
    '"items": [{"id": "L-1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe", "price": 119.9}}]',
)
_VIDEO = (
    '"event_name": "video_start"',
    '"video_session_id": "vs-1"',
    '"content_asset_id": "film-12"',
    '"cursor_position": 0',
    '"total_length": 180',
)
_PRODUCT = '{"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9, "currency": "EUR"}'
_HASH = "b3feb14768d055befa1136b9e6e058af784653f44a2c95bd3af35d9d6e30aa80"


def _with(members: tuple[str, ...], old: str, new: str) -> str:
    """Write an event in which a member is another; without it when that is of no text."""
    return event(*filter(None, (new if member.startswith(old) else member for member in members)))


def _at(moment: str) -> str:
    return event(*SEARCH, context=CONTEXT.replace("1767225600000", moment))


def _of_user(members: str) -> str:
    return event(*SEARCH, user=USER.replace("}", f", {members}}}"))


PAGES = MappingProxyType(
    {
        "TC101": CodePage(
            "Something that every event, or this event, needs is missing.",
            "Every event has `event_name`, `user` and `context` (K005, K028), and some have a property of their own "
            "without which they say nothing, such as the term of a search. The endpoint answers 200 all the same: the "
            "event is lost where nobody sees it.",
            event(*SEARCH, user=""),
            event(*SEARCH),
        ),
        "TC102": CodePage(
            "A property of the envelope, or of a common event, is of the wrong type.",
            "A value of another type is dropped, or breaks whoever reads it. The message says which types are "
            "expected; `null` is none of them, leave out what is not known.",
            event(*SEARCH, user='"user": "C-1024"'),
            event(*SEARCH),
        ),
        "TC103": CodePage("A property of the envelope, or of a common event, has a wrong value.", _NOT_YET),
        "TC201": CodePage(
            "The event has no id, or no moment.",
            "`context.event_id` tells events apart and `context.event_timestamp` orders them; every page that speaks "
            "of them asks for both. At the root, their place in the 1.0 format, they are custom properties (K002).",
            event(*SEARCH, '"event_timestamp": 1767225600000', context='"context": {"event_id": "e-7d9a0c01"}'),
            event(*SEARCH),
        ),
        "TC202": CodePage(
            "A property of the context is of the wrong type.",
            "Ids are texts, even when they look like numbers, because long numbers lose digits on their way; `page`, "
            "`device` and `app` are objects. Write the type that the message tells.",
            event(*SEARCH, context=CONTEXT.replace('"e-7d9a0c01"', "7090001")),
            event(*SEARCH),
        ),
        "TC203": CodePage(
            "The time of the event cannot be read without guessing.",
            "Epoch milliseconds as an integer are what is documented (K001). Other numbers and texts with a zone are "
            "read and told as warnings; without a zone, negative or in words they name no moment at all.",
            _at('"2026-01-01T00:00:00"'),
            _at("1767225600000"),
        ),
        "TC204": CodePage(
            "The pixel says neither its id nor its moment.",
            "The server adds what is missing (K117): the moment is then that of arrival, and a pixel that is loaded "
            "twice counts twice. Give `context[event_id]` and `context[event_timestamp]` where you can.",
            f"{CALL}{BY_WHOM}",
            f"{CALL}{BY_WHOM}{WHEN}",
            Form.CALL,
            "pixel",
        ),
        "TC301": CodePage(
            "Something that a user needs is missing.",
            "Nothing that a user lacks is an error today: who cannot be recognised is told of by the rules TC310 and "
            "TC320, so nothing has this code.",
        ),
        "TC302": CodePage(
            "A property of the user is of the wrong type.",
            "Ids, names and addresses are texts, consents are lists (K017). Of another type they match nobody, and a "
            "consent that cannot be read is one that was not given.",
            event(*SEARCH, user=USER.replace('["1", "3"]', '"1,3"')),
            event(*SEARCH),
        ),
        "TC303": CodePage(
            "A hash is not one: its length or its characters are wrong.",
            "SHA-256 has 64 hexadecimal digits and MD5 has 32 (K027); partners match nothing else, and an address in "
            "plain goes to partners who should never see it. Trim and lower-case the address, then hash it.",
            _of_user('"email_sha256": "ada.keller@shop.example"'),
            _of_user(f'"email_sha256": "{_HASH}"'),
        ),
        "TC401": CodePage(
            "Something that an e-commerce event, an item or a product needs is missing.",
            "Reports, audiences and destinations leave out what they cannot count: a cart without items, a purchase "
            "without its currency. The reference of the event lists what it needs; where its pages disagree, the "
            "missing property is told as a warning of a rule.",
            _with(_CART, '"items"', ""),
            event(*_CART),
        ),
        "TC402": CodePage(
            "A property of an e-commerce event, an item or a product is of the wrong type.",
            "Amounts and quantities are numbers, ids are texts. An amount in quotes is summed by nobody.",
            _with(_CART, '"value"', '"value": "119.90"'),
            event(*_CART),
        ),
        "TC403": CodePage(
            "A currency is not written as three capital letters.",
            "Codes of ISO 4217 are the only spelling: no symbols, no lower case. An amount whose currency nobody "
            "knows cannot be converted, nor added to others.",
            _with(_CART, '"currency"', '"currency": "€"'),
            event(*_CART),
        ),
        "TC501": CodePage(
            "Something that a video event needs is missing.",
            "What is watched is put together from many events by their session, asset, position and length; one "
            "without them belongs to no view. The two buffer events need no position (K088).",
            _with(_VIDEO, '"content_asset_id"', ""),
            event(*_VIDEO),
        ),
        "TC502": CodePage(
            "A property of a video event is of the wrong type.",
            "Positions and lengths are whole numbers of seconds, ids are texts or lists of texts (K075). In quotes or "
            "with fractions they are not compared.",
            _with(_VIDEO, '"cursor_position"', '"cursor_position": "12"'),
            _with(_VIDEO, '"cursor_position"', '"cursor_position": 12'),
        ),
        "TC503": CodePage(
            "A position or length of a video event is negative.",
            "Positions count from the beginning, and a length is never below zero. Mostly a player tells -1 for what "
            "it does not know yet: wait until it does.",
            _with(_VIDEO, '"cursor_position"', '"cursor_position": -1'),
            event(*_VIDEO),
        ),
        "TC601": CodePage(
            "Something that a campaign event needs is missing.",
            "A view or click of an advertisement is counted for its `medium` and `source`, and both are asked for "
            "(K062); without them it is counted for nothing.",
            _with(_CAMPAIGN, '"medium"', ""),
            event(*_CAMPAIGN),
        ),
        "TC602": CodePage(
            "A property of a campaign event is of the wrong type.",
            "Everything about a campaign is text, also a name that is all digits. As a number it is another name, and "
            "the campaign is split in two.",
            _with(_CAMPAIGN, '"campaign"', '"campaign": 2026'),
            _with(_CAMPAIGN, '"campaign"', '"campaign": "2026"'),
        ),
        "TC603": CodePage("A property of a campaign event has a wrong value.", _NOT_YET),
        "TC701": CodePage(
            "The event is in the 1.0 format, whose support ended on 2023-08-31.",
            "Its id and moment stand at the root and its properties in `properties`, where nobody looks for them any "
            "more (K013). `tcspec upgrade` writes the same event as 2.0; `--version 1.0` says that the old one is "
            "wanted.",
            event(
                '"event_name": "search"',
                '"event_id": "e-7d9a0c01"',
                '"event_timestamp": 1767225600000',
                '"properties": {"search_term": "tent", "user": {"id": "C-1024"}}',
                user="",
                context="",
            ),
            event(*SEARCH),
        ),
        "TC702": CodePage(
            "The payload is a flat hit of the older server-side product.",
            "It has no `event_name`, and its keys are those of one customer's configuration (K014), so no program can "
            "tell which event it is. Write the event anew from the data that the hit was made of.",
            event(
                '"tc_s": "3315"', '"order_id": "T-1"', '"product_list_product_id_1": "SKU-4711"', user="", context=""
            ),
            event(*SEARCH),
        ),
        "TC801": CodePage(
            "Something that a user, a product or a conversion needs is missing.",
            "The data APIs refuse an object that lacks a required property, and of a bulk request they may take the "
            "other lines: read the answer, which names what was refused.",
            _PRODUCT.replace('"id": "SKU-4711", ', ""),
            _PRODUCT,
            kind="product",
        ),
        "TC802": CodePage(
            "A property of a user, a product or a conversion is of the wrong type.",
            "The bulk endpoints refuse the object and name the property. Ids are texts and prices are numbers, "
            "whatever the catalogue they come from has.",
            _PRODUCT.replace('"SKU-4711"', "4711"),
            _PRODUCT,
            kind="product",
        ),
        "TC803": CodePage(
            "A property of a product or a conversion has a value that is refused.",
            "Texts that are too long, currencies that are not three capital letters, dates without a zone and values "
            "outside a closed list are refused together with the whole object (K060, K094, K112).",
            _PRODUCT.replace("EUR", "eur"),
            _PRODUCT,
            kind="product",
        ),
    }
)
"""The pages by their codes."""
