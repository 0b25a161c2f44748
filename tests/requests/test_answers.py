"""The predicted answers of endpoints."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from endpoint_facts import DOCUMENTED
from strategies.requests import API, COLLECT, CONVERSION, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN, requests
from tcspec.jsontext.reader import Limits
from tcspec.requests.answers import Answer
from tcspec.requests.examination import examine_request

QUERY = f"?tc_s=3315&token={TOKEN}"
EVENTS, BATCH = f"{COLLECT}/events{QUERY}", f"{COLLECT}/events/batch{QUERY}"
PRODUCTS, CONVERSIONS = f"{API}/v2/3315/products/bulk", f"{API}/v2/3315/conversions/bulk"
TEXT = json.dumps(EVENT).encode()
PRODUCT, WRONG = {"id": "SKU-4711"}, {"id": 4711}


def answer(*request, **options):
    """Return the answer to a request."""
    return examine_request(*request, **options).answer


def statuses(*request, **options):
    """Return the possible statuses."""
    return answer(*request, **options).statuses


def deciding(*request):
    """Return the codes that decide the answer, with the statuses that they lead to."""
    violations = examine_request(*request).violations
    return [(each.code, each.data["answer"]) for each in violations if "answer" in each.data]


def test_status():
    """The status is certain when only one is possible."""
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
def test_valid_requests(endpoint, expected, body):
    """A valid request is answered as documented."""
    found = answer(*REQUESTS[endpoint])
    assert (found.statuses, found.body) == (expected, body)
    assert deciding(*REQUESTS[endpoint]) == []


class TestEvents:
    """Only events that are not JSON or too large are rejected (K009)."""

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
    def test_rejected(self, body, code, expected):
        """A body that is rejected, or that only some servers read, decides the answer."""
        assert statuses("POST", EVENTS, IN_JSON, body) == expected
        assert deciding("POST", EVENTS, IN_JSON, body) == [(code, list(expected))]

    @pytest.mark.parametrize(
        ("url", "headers", "body"),
        [
            (EVENTS, (("Content-Type", "text/html"),), EVENT),
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
        """Everything else is answered with 200."""
        found = answer("POST", url, headers, body)
        assert found.statuses == (200,)
        assert "lost" in found.why
        assert deciding("POST", url, headers, body) == []

    def test_large_events_of_batches(self):
        """The answer to a batch with one event over the limit is not documented (K012)."""
        body = {"batch": [EVENT, {**EVENT, "description": "x" * 33_000}]}
        assert statuses("POST", BATCH, IN_JSON, body) == (200, 400)
        body["batch"][1]["description"] = "x" * 32_000
        assert statuses("POST", BATCH, IN_JSON, body) == (200,)

    def test_limits_of_tcspec(self):
        """A body beyond the maximum length of tcspec may be within that of the vendor."""
        assert statuses("POST", EVENTS, IN_JSON, TEXT, limits=Limits(length=40)) == (200, 400)

    def test_not_json_values(self):
        """A value that cannot be sent has no answer."""
        assert statuses("POST", EVENTS, IN_JSON, {"a": {1}}) == ()

    def test_not_encrypted(self):
        """The answer to a request that is not encrypted is not documented."""
        assert statuses("POST", EVENTS.replace("https", "http"), IN_JSON, EVENT) == ()


class TestPixels:
    """Answers to pixels."""

    @pytest.mark.parametrize("query", ["", QUERY, "?a[=1", "?tc_s=x", "?event_name=%"])
    def test_always(self, query):
        """A pixel is answered with 200, whatever its query."""
        assert statuses("GET", f"{COLLECT}/events{query}") == (200,)


class TestUsers:
    """Answers of the user API."""

    @pytest.mark.parametrize("endpoint", ["visitor_get", "user_get", "user_put", "user_delete"])
    def test_errors(self, endpoint):
        """The answer to errors is not documented."""
        method, url, headers, body = REQUESTS[endpoint]
        assert statuses(method, url.replace("token=", "t="), headers, body) == ()

    def test_warnings(self):
        """Warnings do not change the answer."""
        method, url, headers, _ = REQUESTS["user_put"]
        assert statuses(method, url, headers, {"person": {"id": "C-2"}}) == (200,)


class TestBulk:
    """Answers of the bulk endpoints."""

    def of(self, lines, url=PRODUCTS, headers=IN_LINES, method="POST"):
        """Return the answer to lines."""
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
        """Accepted objects are 202; some rejected products are 207 on one page and 400 on another (K105)."""
        assert self.of(lines, url).statuses == expected

    def test_answers(self):
        """The body has the counts of accepted and rejected objects, and the errors."""
        found = self.of([PRODUCT, WRONG])
        assert found.body["data"] == {"accepted_object_count": 1, "rejected_object_count": 1}
        assert [error["code"] for error in found.body["errors"]] == ["INVALID_PROPERTY_TYPE"]
        assert self.of(b'{"id"').body["data"] == {}

    def test_uncertain_bodies(self):
        """No body is predicted where the treatment of a line is not documented."""
        assert self.of(b'{"id": "a", "id": "b"}').body is None
        assert self.of([PRODUCT] * 1_001).body is None
        assert self.of([PRODUCT] * 1_001).statuses == (202,)

    def test_many_items(self):
        """The answer to a conversion with too many items is not documented (K102)."""
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
    def test_authorization(self, headers, code):
        """A request without a Bearer token is 401 with a documented error."""
        found = self.of([PRODUCT], headers=headers)
        assert found.status == 401
        assert [error["code"] for error in found.body["errors"]] == [code]
        assert TOKEN not in repr(found)

    def test_no_token(self):
        """The error for a Bearer header without a token is not documented."""
        found = self.of([PRODUCT], headers=(IN_LINES[0], ("Authorization", "Bearer")))
        assert (found.status, found.body) == (401, None)

    @pytest.mark.parametrize("headers", [IN_LINES[1:], (*IN_JSON, IN_LINES[1])])
    def test_content_types(self, headers):
        """Another Content-Type, or none, is 415."""
        found = self.of([PRODUCT], headers=headers)
        assert found.status == 415
        assert [error["code"] for error in found.body["errors"]] == ["UNSUPPORTED_HEADER"]

    def test_methods(self):
        """Another method is 405 without a documented body."""
        found = self.of([PRODUCT], method="PUT")
        assert (found.status, found.body) == (405, None)

    def test_several_reasons(self):
        """Which of several errors is reported is not documented."""
        assert self.of([PRODUCT], headers=(), method="GET").statuses == (401, 405, 415)
        assert self.of([WRONG], headers=()).statuses == (400, 401, 415)
        assert self.of([PRODUCT], headers=()).body is None

    @pytest.mark.parametrize("url", [f"{API}/v2/x/products/bulk", f"{CONVERSIONS}?overwrite=1", f"{PRODUCTS}?a["])
    def test_parameters(self, url):
        """The answer to a wrong parameter is not documented."""
        assert self.of([PRODUCT], url).statuses == ()

    def test_deciding(self):
        """A violation that decides the answer has the statuses in its data."""
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
    """The answer to a request that no endpoint accepts is not documented."""
    assert statuses(method, url, IN_JSON, EVENT) == ()


@given(requests)
def test_answers_are_documented(request_):
    """Every predicted status is documented; rights, rate limits and failures are never predicted."""
    found = examine_request(*request_)
    assert not {403, 429, 500} & set(found.answer.statuses)
    assert list(found.answer.statuses) == sorted(set(found.answer.statuses))
    assert found.answer.why
    if found.endpoint:
        assert set(found.answer.statuses) <= DOCUMENTED[found.endpoint]
    for violation in found.violations:
        assert set(violation.data.get("answer", ())) <= set.union(*DOCUMENTED.values())
