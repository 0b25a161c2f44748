"""The pages of the codes of requests: where they go, what their address, headers and bodies say."""

from __future__ import annotations

from types import MappingProxyType

from tcspec.rules.pages.examples import (
    BEARER,
    EVENTS,
    IS_JSON,
    IS_NDJSON,
    SEARCH,
    SITE,
    TOKEN,
    event,
    post,
    request,
)
from tcspec.rules.pages.page import CodePage, Form

_API = "https://api.commander1.com"
_BULK = f"POST {_API}/v2/3315"
_USER = f"{_API}/engage/user/?site=3315&user_id=C-1024&{TOKEN}"
_CONVERSION = (
    '{"id": "T-2026-0001", "user": {"email": "ada.keller@shop.example"}, "type": "online", "status": "shipped", '
    '"created": "2026-01-10T08:13:20+01:00", "currency": "EUR", "conversion_items": [ITEMS]}'
)


def _page(summary: str, text: str, bad: str, good: str = "") -> CodePage:
    return CodePage(summary, text, bad, good or post(), Form.CAPTURE)


def _conversions(items: str) -> str:
    return request(f"{_BULK}/conversions/bulk", IS_NDJSON, BEARER, body=_CONVERSION.replace("[ITEMS]", items))


def _products(body: str, *headers: str) -> str:
    return request(f"{_BULK}/products/bulk", *headers, body=body)


PAGES = MappingProxyType(
    {
        "TC030": _page(
            "The request goes to no endpoint that is known.",
            "The host or the path is not one that the vendor documents, and what is sent there is lost. Events go to "
            "`collect.commander1.com`, users and bulk imports to `api.commander1.com`; a host of your own may stand "
            "before either.",
            post(url=f"https://collect.commander1.com/event?{SITE}&{TOKEN}"),
        ),
        "TC031": _page(
            "The request goes to an endpoint of an older API.",
            "The address was replaced, and nobody promises that it still takes anything: send to the one that has its "
            "place now. Where the vendor's own pages differ in no more than a spelling (K016) this is told as info.",
            post(IS_JSON, BEARER, url=f"{_API}/v2/3315/events"),
            post(IS_JSON, BEARER, url=f"{EVENTS}?{SITE}"),
        ),
        "TC032": _page(
            "The endpoint does not take the method.",
            "Each address takes the methods that its page names, and refuses or overlooks any other. Events are POST, "
            "pixels are GET, users are GET, PUT and DELETE, bulk imports are POST.",
            post().replace("POST", "PUT", 1),
        ),
        "TC033": _page(
            "A parameter that the call needs is missing in the query.",
            "Without its site, user or token a call belongs to nobody. Add the parameter to the query; of a pixel, "
            "where the vendor's own examples leave it out (K117), this is a warning.",
            post(url=f"{EVENTS}?{TOKEN}"),
        ),
        "TC034": _page(
            "A parameter of the query is empty, or does not look as it must.",
            "Sites are digits; names and addresses are another thing. A `user_id` with letters is a warning where a "
            "user is deleted, and fine elsewhere (K114).",
            post(url=f"{EVENTS}?tc_s=northwind&{TOKEN}"),
        ),
        "TC035": _page(
            "A parameter is not where the endpoint looks for it.",
            "What stands in the body, in a header or under the name that another call uses is overlooked, as if it "
            "were missing. Move it to the place and the name that the message tells.",
            post(url=f"{EVENTS}?site=3315&{TOKEN}"),
        ),
        "TC036": _page(
            "The request has no credentials.",
            "Events carry the source key as `token` in the query or as a Bearer token (K007), bulk imports as a Bearer "
            "token only. Without one the data cannot be assigned to a source.",
            post(url=f"{EVENTS}?{SITE}"),
        ),
        "TC037": _page(
            "The request gives its credentials twice.",
            "One of `token` and the Authorization header is enough (K007). Two can differ one day, and which one wins "
            "is nowhere documented: remove one.",
            post(IS_JSON, BEARER),
        ),
        "TC038": _page(
            "The Authorization header is not a Bearer token.",
            "The header must read `Bearer`, a space, and the token. Other types, and the word without a token, are "
            "answered with 401 by the bulk endpoints, and elsewhere leave the events without a source.",
            post(IS_JSON, "Authorization: Basic tok12345example", url=f"{EVENTS}?{SITE}"),
            post(IS_JSON, BEARER, url=f"{EVENTS}?{SITE}"),
        ),
        "TC039": _page(
            "The Content-Type is missing, or is not what the endpoint reads.",
            "Events and batches are `application/json`, bulk imports `application/x-ndjson`; a body under another type "
            "need not be read at all. Where users are written the vendor does not ask for it, and another type is a "
            "warning.",
            _products('{"id": "SKU-4711"}', IS_JSON, BEARER),
            _products('{"id": "SKU-4711"}', IS_NDJSON, BEARER),
        ),
        "TC040": _page(
            "The payload holds a credential or configuration.",
            "Whatever is in an event goes to every destination, and a source key there can be used by anybody who "
            "reads it (K063). Remove it from the payload, and ask for a new key when it was sent.",
            post(body=event(*SEARCH, '"sourceKey": "tok12345example"')),
        ),
        "TC041": _page(
            "The request is not encrypted.",
            "Over `http` the token and the data of persons can be read by every network on the way. Use `https`, which "
            "every endpoint serves.",
            post(url=f"{EVENTS}?{SITE}&{TOKEN}".replace("https", "http")),
        ),
        "TC042": _page(
            "The captured request cannot be read.",
            "The file is no `.http` file, raw request or HAR file as tcspec knows them, so nothing in it was checked. "
            "The message says what stops the reading: a variable without a value, a body in another file, a header "
            "without a colon.",
            post(url=f"{EVENTS}?tc_s={{{{site}}}}&{TOKEN}"),
            "@site = 3315\n\n" + post(url=f"{EVENTS}?tc_s={{{{site}}}}&{TOKEN}"),
        ),
        "TC043": _page(
            "Query and body name different users.",
            "`user_id` chooses the profile that is written and `person.id` is written into it (K115); when they "
            "differ, one person's data lands with another. Send the same id in both.",
            request(f"PUT {_USER}", IS_JSON, body='{"person": {"id": "C-2048"}}'),
            request(f"PUT {_USER}", IS_JSON, body='{"person": {"id": "C-1024"}}'),
        ),
        "TC044": _page(
            "The request has a body that nobody reads.",
            "Pixels and calls that ask for or delete something are read from their address alone, and what is in the "
            "body is lost. Put it in the query, or use the call that reads a body.",
            request(f"GET {_USER}", IS_JSON, body='{"id": "C-1024"}'),
            request(f"GET {_USER}"),
        ),
        "TC810": _page(
            "The request has more lines than the vendor recommends.",
            "More than 1,000 lines a request may be cut (K102), and what is behind the cut is lost without a word. "
            "Send several requests, and leave time between them.",
            _products("[1001 lines]", IS_NDJSON, BEARER),
            _products("[3 lines]", IS_NDJSON, BEARER),
        ),
        "TC811": _page(
            "The conversion has more items than the vendor states.",
            "150 items a conversion are stated, and nobody says what becomes of more (K102). Combine equal articles in "
            "one item with a quantity.",
            _conversions("[151 items]"),
            _conversions("[2 items]"),
        ),
    }
)
"""The pages by their codes."""
