"""Requests: valid ones to every endpoint, hostile ones, and files of captured requests."""

from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.events import valid_events
from tcspec.requests.endpoints import ENDPOINTS
from tcspec.strategies.values import json_values

BY_ID = {endpoint.id: endpoint for endpoint in ENDPOINTS}
SITE, TOKEN = "3315", "tok12345example"
COLLECT, API = "https://collect.commander1.com", "https://api.commander1.com"
IN_JSON = (("Content-Type", "application/json"),)
IN_LINES = (("Content-Type", "application/x-ndjson"), ("Authorization", f"Bearer {TOKEN}"))
EVENT = {
    "event_name": "search",
    "search_term": "tent",
    "user": {"id": "C-1024"},
    "context": {"event_id": "e-7d9a0c01", "event_timestamp": 1767225600001},
}
CONVERSION = {
    "id": "T-2026-00001",
    "user": {"email": "ada@shop.example"},
    "type": "online",
    "status": "shipped",
    "created": "2026-01-10T08:13:20+01:00",
    "currency": "EUR",
    "conversion_items": [{"id": "L1", "original_quantity": 2, "product": {"id": "SKU-4711"}}],
}
_COLLECTING = f"?tc_s={SITE}&token={TOKEN}"
_USER = f"?site={SITE}&user_id=1024&token={TOKEN}"

REQUESTS = {
    "events": ("POST", f"{COLLECT}/events{_COLLECTING}", IN_JSON, EVENT),
    "events_batch": ("POST", f"{COLLECT}/events/batch{_COLLECTING}", IN_JSON, {"batch": [EVENT]}),
    "events_pixel": ("GET", f"{COLLECT}/events{_COLLECTING}&event_name=search&search_term=tent", (), None),
    "visitor_get": ("GET", f"{API}/v1.0/engage/visitors/?site={SITE}&token={TOKEN}", (), None),
    "user_get": ("GET", f"{API}/engage/user/{_USER}", (), None),
    "user_put": ("PUT", f"{API}/engage/user/{_USER}", IN_JSON, {"person": {"id": "1024"}}),
    "user_delete": ("DELETE", f"{API}/engage/user/{_USER}", (), None),
    "products_bulk": ("POST", f"{API}/v2/{SITE}/products/bulk", IN_LINES, [{"id": "SKU-4711"}]),
    "conversions_bulk": ("POST", f"{API}/v2/{SITE}/conversions/bulk", IN_LINES, [CONVERSION]),
}
"""A valid request to every endpoint: method, URL, headers and body."""

_methods = st.sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH", "get", "", "\ud800"))
_urls = st.one_of(
    st.sampled_from([request[1] for request in REQUESTS.values()]),
    st.builds(
        lambda host, path, query: f"{host}{path}{query}",
        st.sampled_from((COLLECT, API, "http://stats.northwind.example", "", "//[", "https://x.commander1.com:443")),
        st.sampled_from(
            (
                *("/events", "/events/", "/events/batch", "/event", "/engage/user", "/v2/3315/events", "/", ""),
                *("/v2/northwind/products/bulk", "/v2/1/conversions/bulk", "/gw/api/1.0/engage/visitors/"),
                *("/gw/api/v1.0/engage/visitors/", "/v1.0/engage/visitors", "*" * 200),
            )
        ),
        st.lists(
            st.one_of(
                st.sampled_from(
                    ("tc_s=3315", f"token={TOKEN}", "site=3315", "user_id=C-1", "event_name=search", "a[b=")
                ),
                st.builds(
                    lambda name, value: f"{quote(name)}={quote(value)}",
                    st.sampled_from(("tc_s", "token", "tcid", "overwrite", "user[id]", "x")),
                    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
                ),
            ),
            max_size=5,
        ).map(lambda pieces: "?" + "&".join(pieces) if pieces else ""),
    ),
    st.text(max_size=20),
)
_header_values = st.one_of(
    st.sampled_from(
        (
            *("application/json", "application/x-ndjson", "text/plain; charset=utf-8", "gzip", "br", "chunked", ""),
            *(f"Bearer {TOKEN}", "Bearer", "Basic eA==", TOKEN, "collect.commander1.com"),
        )
    ),
    st.text(max_size=10),
)
_headers = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("Content-Type", "content-type", "Authorization", "authorization", "Host", "Token"),
                *("Content-Encoding", "Transfer-Encoding", "X"),
            )
        ),
        _header_values,
    ),
    max_size=4,
)
_values = st.one_of(valid_events, st.just(CONVERSION), st.dictionaries(st.text(max_size=5), json_values(), max_size=3))
_bodies = st.one_of(
    st.none(),
    _values,
    st.builds(lambda events: {"batch": events}, st.lists(st.one_of(valid_events, json_values()), max_size=3)),
    st.lists(st.one_of(_values, json_values()), max_size=3),
    _values.map(lambda value: json.dumps(value).encode()),
    st.lists(_values, max_size=3).map(lambda values: "\n".join(map(json.dumps, values)).encode()),
    hostile_documents,
    st.sampled_from((b"\x1f\x8b\x08", b"a\r\n{}\r\n0\r\n", "\ud800", {"a": float("nan")}, {1: 2}, [{3}])),
)
requests = st.tuples(_methods, _urls, _headers, _bodies)
"""Requests of any kind, valid or not, as a client may pass them."""

_LINES = (
    *("### one", "# @name two", "// a comment", "@site = 3315", "@where = {{site}}/x", "@a={{b}}", "{{where}}"),
    *("POST https://collect.commander1.com/events?tc_s=3315", "  &token=tok12345example", "GET /events HTTP/1.1"),
    *("Host: collect.commander1.com", "Content-Type: application/json", "no header", "", "", "{", "}"),
    *('{"event_name": "search"}', "< ./body.json", "< {% a", "%}", "> {% b %}", "<> answer.json", "{{$guid}}"),
    *("{{$timestamp 1 d}}", "{{", "curl x", "POST", "\ufeff", "{{{{a}}}}", "\u2028", "a: \r b"),
)
http_files = st.builds(
    lambda lines, ending: ending.join(lines).encode(),
    st.lists(st.one_of(st.sampled_from(_LINES), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))),
    st.sampled_from(("\n", "\r\n", "\r")),
)
_har_requests = st.one_of(
    json_values(),
    st.fixed_dictionaries(
        {"method": st.sampled_from(("GET", "POST", "OPTIONS", 1)), "url": st.one_of(_urls, json_values())},
        optional={
            "headers": st.one_of(
                json_values(), st.lists(st.fixed_dictionaries({"name": st.text(max_size=3), "value": st.text()}))
            ),
            "postData": st.one_of(json_values(), st.fixed_dictionaries({"text": st.text(max_size=9)})),
        },
    ),
)
har_files = st.one_of(
    st.fixed_dictionaries(
        {
            "log": st.one_of(
                json_values(),
                st.fixed_dictionaries(
                    {
                        "entries": st.lists(
                            st.one_of(json_values(), st.fixed_dictionaries({"request": _har_requests})),
                            max_size=3,
                        )
                    }
                ),
            )
        }
    ),
    st.dictionaries(st.text(max_size=3), json_values(), max_size=2),
).map(lambda archive: json.dumps(archive).encode())
captures = st.one_of(http_files, har_files, hostile_documents, st.binary(max_size=60))
"""Files of captured requests, and bytes that look like them."""
