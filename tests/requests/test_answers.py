"""What endpoints answer, as far as it is documented."""

from __future__ import annotations

import json

import pytest

from strategies.requests import API, COLLECT, CONVERSION, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN
from tcspec.jsontext.reader import Limits
from tcspec.requests.answers import Answer
from tcspec.requests.checking import examine_request

QUERY = f"?tc_s=3315&token={TOKEN}"
EVENTS, BATCH = f"{COLLECT}/events{QUERY}", f"{COLLECT}/events/batch{QUERY}"
PRODUCTS, CONVERSIONS = f"{API}/v2/3315/products/bulk", f"{API}/v2/3315/conversions/bulk"
TEXT = json.dumps(EVENT).encode()
PRODUCT, WRONG = {"id": "SKU-4711"}, {"id": 4711}


def answer(*request, **options):
    """Give the answer to a request."""
    return examine_request(*request, **options).answer


def statuses(*request, **options):
    """Give the statuses that are possible."""
    return answer(*request, **options).statuses


def deciding(*request):
    """Give the codes that decide the answer, with the statuses that they lead to."""
    violations = examine_request(*request).violations
    return [(each.code, each.data["answer"]) for each in violations if "answer" in each.data]


def test_status():
    """The status is known when only one is possible."""
    assert Answer((200,), "").status == 200
    assert Answer((200, 400), "").status is None
    assert Answer((), "").status is None


@pytest.mark.parametrize(
    ("endpoint", "expected", "body"),
    [
        ("events", (200,), None),
        ("events_batch", (200,), None),
        ("events_pixel", (200,), None),
        ("visitor_get", (200,), None),
        ("user_get", (200, 404), None),
        ("user_put", (200,), {"success": True}),
        ("user_delete", (200,), {"success": True}),
        ("products_bulk", (202,), {"data": {"accepted_object_count": 1, "rejected_object_count": 0}}),
        ("conversions_bulk", (202,), {"data": {"accepted_object_count": 1, "rejected_object_count": 0}}),
    ],
)
def test_right_requests(endpoint, expected, body):
    """A right request is answered as documented."""
    found = answer(*REQUESTS[endpoint])
    assert (found.statuses, found.body) == (expected, body)
    assert deciding(*REQUESTS[endpoint]) == []


class TestEvents:
    """Events are lost in silence: only what is no JSON or too large is refused (K009)."""

    @pytest.mark.parametrize(
        ("body", "code", "expected"),
        [
            (TEXT[:-1], "TC001", (400,)),
            (b"\xff" + TEXT, "TC002", (400,)),
            (b"", "TC008", (400,)),
            (b'{"a": NaN}', "TC011", (400,)),
            (b"\xef\xbb\xbf" + TEXT, "TC003", (200, 400)),
            (b'{"a": "\\ud800"}', "TC005", (200, 400)),
            (b"[" * 201 + b"]" * 201, "TC006", (200, 400)),
            (b'{"a": "' + b"x" * 32_100 + b'"}', "TC021", (200, 400)),
            (b'{"a": "' + b"x" * 33_000 + b'"}', "TC020", (400,)),
            (b'{"a": "' + b"x" * 8_400_000 + b'"}', "TC007", (400,)),
        ],
    )
    def test_refused(self, body, code, expected):
        """What is refused says so, and so does what some servers read and others do not."""
        assert statuses("POST", EVENTS, IN_JSON, body) == expected
        assert deciding("POST", EVENTS, IN_JSON, body) == [(code, list(expected))]

    @pytest.mark.parametrize(
        ("url", "headers", "body"),
        [
            (EVENTS, (), EVENT),
            (f"{COLLECT}/events", (), EVENT),
            (f"{COLLECT}/events?a[", IN_JSON, EVENT),
            (EVENTS, IN_JSON, [EVENT]),
            (EVENTS, IN_JSON, {}),
            (EVENTS, IN_JSON, {"batch": [EVENT]}),
            (EVENTS, IN_JSON, b'{"a": 1, "a": 1}'),
            (BATCH, IN_JSON, EVENT),
            (BATCH, IN_JSON, {"batch": [1]}),
        ],
    )
    def test_silent(self, url, headers, body):
        """Everything else is answered as if nothing were wrong."""
        found = answer("POST", url, headers, body)
        assert found.statuses == (200,)
        assert "lost" in found.why
        assert deciding("POST", url, headers, body) == []

    def test_large_events_of_batches(self):
        """What becomes of a batch with one event that is too large is not documented (K012)."""
        body = {"batch": [EVENT, {**EVENT, "description": "x" * 33_000}]}
        assert statuses("POST", BATCH, IN_JSON, body) == (200, 400)
        body["batch"][1]["description"] = "x" * 32_000
        assert statuses("POST", BATCH, IN_JSON, body) == (200,)

    def test_what_tcspec_does_not_read(self):
        """What is longer than tcspec reads is not for that too large."""
        assert statuses("POST", EVENTS, IN_JSON, TEXT, limits=Limits(length=40)) == (200, 400)

    def test_what_cannot_be_sent(self):
        """Nothing is known of the answer to what cannot be sent."""
        assert statuses("POST", EVENTS, IN_JSON, {"a": {1}}) == ()

    def test_not_encrypted(self):
        """Nothing is documented of calls that are not encrypted."""
        assert statuses("POST", EVENTS.replace("https", "http"), IN_JSON, EVENT) == ()


class TestPixels:
    """Pixels are always answered in the same way."""

    @pytest.mark.parametrize("query", ["", QUERY, "?a[=1", "?tc_s=x", "?event_name=%"])
    def test_always(self, query):
        """Whatever a pixel says."""
        assert statuses("GET", f"{COLLECT}/events{query}") == (200,)


class TestUsers:
    """Of the user API only success is documented, and that a user is not known."""

    @pytest.mark.parametrize("endpoint", ["visitor_get", "user_get", "user_put", "user_delete"])
    def test_errors(self, endpoint):
        """What is answered to errors is not documented."""
        method, url, headers, body = REQUESTS[endpoint]
        assert statuses(method, url.replace("token=", "t="), headers, body) == ()

    def test_warnings(self):
        """Warnings change nothing."""
        method, url, headers, _ = REQUESTS["user_put"]
        assert statuses(method, url, headers, {"person": {"id": "C-2"}}) == (200,)


class TestLines:
    """Bulk requests are the only ones whose answer tells what was wrong."""

    def of(self, lines, url=PRODUCTS, headers=IN_LINES, method="POST"):
        """Give the answer to lines."""
        return answer(method, url, headers, lines)

    @pytest.mark.parametrize(
        ("lines", "url", "expected"),
        [
            ([PRODUCT, PRODUCT], PRODUCTS, (202,)),
            ([PRODUCT, WRONG], PRODUCTS, (207, 400)),
            ([WRONG, WRONG], PRODUCTS, (400,)),
            ([CONVERSION, WRONG], CONVERSIONS, (400,)),
            (b'{"id": "a"}\n{"id"', PRODUCTS, (400,)),
            (b'{"id": "a", "id": "b"}', PRODUCTS, (202, 400)),
            (b'{"id": "a"}\n{"id": "a", "id": "b"}', PRODUCTS, (202, 207, 400)),
            (b'{"id": 1}\n{"id": "a", "id": "b"}', PRODUCTS, (207, 400)),
            (b"", PRODUCTS, ()),
        ],
    )
    def test_bodies(self, lines, url, expected):
        """Every object accepted is 202; some products rejected is 207 on one page and 400 in another (K105)."""
        assert self.of(lines, url).statuses == expected

    def test_answers(self):
        """The body tells how many objects were accepted, and why others were not."""
        found = self.of([PRODUCT, WRONG])
        assert found.body["data"] == {"accepted_object_count": 1, "rejected_object_count": 1}
        assert [error["code"] for error in found.body["errors"]] == ["INVALID_PROPERTY_TYPE"]
        assert self.of(b'{"id"').body["data"] == {}

    def test_unknown_bodies(self):
        """Where not all is known of the lines, no body is foretold."""
        assert self.of(b'{"id": "a", "id": "b"}').body is None
        assert self.of([PRODUCT] * 1_001).body is None
        assert self.of([PRODUCT] * 1_001).statuses == (202,)

    def test_many_items(self):
        """What becomes of a conversion with too many items is not documented (K102)."""
        items = CONVERSION["conversion_items"] * 151
        found = self.of([{**CONVERSION, "conversion_items": items}], CONVERSIONS)
        assert (found.statuses, found.body) == ((202, 400), None)

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            (IN_LINES[:1], "MISSING_AUTHORIZATION_HEADER"),
            ((IN_LINES[0], ("Authorization", "")), "UNKNOWN_TOKEN_TYPE"),
            ((IN_LINES[0], ("Authorization", TOKEN)), "UNKNOWN_TOKEN_TYPE"),
            ((IN_LINES[0], ("Authorization", f"Basic {TOKEN}")), "INVALID_TOKEN_TYPE"),
        ],
    )
    def test_callers(self, headers, code):
        """A call without a Bearer token is 401, and which error it is is documented."""
        found = self.of([PRODUCT], headers=headers)
        assert found.status == 401
        assert [error["code"] for error in found.body["errors"]] == [code]
        assert TOKEN not in repr(found)

    def test_no_token(self):
        """Which error a Bearer header without a token is, is not documented."""
        found = self.of([PRODUCT], headers=(IN_LINES[0], ("Authorization", "Bearer")))
        assert (found.status, found.body) == (401, None)

    @pytest.mark.parametrize("headers", [IN_LINES[1:], (*IN_JSON, IN_LINES[1])])
    def test_types(self, headers):
        """Another Content-Type, or none, is 415."""
        found = self.of([PRODUCT], headers=headers)
        assert found.status == 415
        assert [error["code"] for error in found.body["errors"]] == ["UNSUPPORTED_HEADER"]

    def test_methods(self):
        """Another method is 405, and has no documented body."""
        found = self.of([PRODUCT], method="PUT")
        assert (found.status, found.body) == (405, None)

    def test_several_reasons(self):
        """Which of several reasons comes first is not documented."""
        assert self.of([PRODUCT], headers=(), method="GET").statuses == (401, 405, 415)
        assert self.of([WRONG], headers=()).statuses == (400, 401, 415)
        assert self.of([PRODUCT], headers=()).body is None

    @pytest.mark.parametrize("url", [f"{API}/v2/x/products/bulk", f"{CONVERSIONS}?overwrite=1", f"{PRODUCTS}?a["])
    def test_parameters(self, url):
        """What is answered to a wrong parameter is not documented."""
        assert self.of([PRODUCT], url).statuses == ()

    def test_deciding(self):
        """What decides the answer says to which status it leads."""
        assert deciding("POST", PRODUCTS, (), [PRODUCT, WRONG]) == [
            ("TC036", [401]),
            ("TC039", [415]),
            ("TC802", [207, 400]),
        ]


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", f"{API}/v2/3315/events"),
        ("POST", "https://www.northwind.example/"),
        ("PATCH", EVENTS),
        ("POST", f"{API}/events"),
    ],
)
def test_nothing_documented(method, url):
    """Of calls that no endpoint takes nothing is documented."""
    assert statuses(method, url, IN_JSON, EVENT) == ()
