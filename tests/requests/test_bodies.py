"""The bodies of calls: types, shapes, and what their contracts say."""

from __future__ import annotations

import json

import pytest

from strategies.requests import API, COLLECT, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN
from tcspec.requests.checking import check_request

QUERY = f"?tc_s=3315&token={TOKEN}"
EVENTS, BATCH = f"{COLLECT}/events{QUERY}", f"{COLLECT}/events/batch{QUERY}"
USER = f"{API}/engage/user/?site=3315&user_id=1024&token={TOKEN}"
LARGE = {**EVENT, "description": "x" * 33_000}


def found(*request):
    """Give code and place of what is wrong with a request."""
    return [(each.code, each.pointer) for each in check_request(*request)]


class TestContentTypes:
    """The type that is said of a body."""

    def of_type(self, endpoint, *types):
        """Give what is wrong when a right request says another type, or none."""
        method, url, headers, body = REQUESTS[endpoint]
        others = [header for header in headers if header[0] != "Content-Type"]
        given = [*others, *(("content-type", each) for each in types)]
        return [(each.code, each.pointer, each.severity.value) for each in check_request(method, url, given, body)]

    @pytest.mark.parametrize(
        "spelling", ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"]
    )
    @pytest.mark.parametrize("endpoint", ["events", "events_batch", "user_put"])
    def test_right(self, endpoint, spelling):
        """A type may be spelt in any case and have parameters."""
        assert self.of_type(endpoint, spelling) == []

    @pytest.mark.parametrize("endpoint", ["events", "events_batch", "products_bulk", "conversions_bulk"])
    @pytest.mark.parametrize("spelling", ["text/plain", "application/vnd.api+json", "", "application/jsonl"])
    def test_wrong(self, endpoint, spelling):
        """Another type is told."""
        assert self.of_type(endpoint, spelling) == [("TC039", "/headers/content-type", "error")]

    @pytest.mark.parametrize("endpoint", ["events", "events_batch", "products_bulk", "conversions_bulk"])
    def test_missing(self, endpoint):
        """A type that is asked for and missing is told."""
        assert self.of_type(endpoint) == [("TC039", "/headers", "error")]

    def test_where_it_is_not_documented(self):
        """Of the type with which a user is written nothing is documented: another one is a warning."""
        assert self.of_type("user_put") == []
        assert self.of_type("user_put", "text/plain") == [("TC039", "/headers/content-type", "warning")]

    @pytest.mark.parametrize("endpoint", ["events_pixel", "visitor_get", "user_get", "user_delete"])
    def test_where_no_body_is_read(self, endpoint):
        """Where no body is read the type is no matter."""
        assert [each for each in self.of_type(endpoint, "text/plain") if each[0] == "TC039"] == []

    def test_other_names_of_lines(self):
        """Other names of lines of JSON are told with the one that is read."""
        method, url, _, body = REQUESTS["products_bulk"]
        headers = [("Content-Type", "application/ndjson"), IN_LINES[1]]
        [violation] = check_request(method, url, headers, body)
        assert violation.hint == "write application/x-ndjson"


class TestUnreadBodies:
    """Bodies that nobody reads."""

    @pytest.mark.parametrize("endpoint", ["events_pixel", "visitor_get", "user_get", "user_delete"])
    @pytest.mark.parametrize("body", [b"{}", {}, [], "x"])
    def test_bodies(self, endpoint, body):
        """A body where none is read is told."""
        method, url, headers, _ = REQUESTS[endpoint]
        assert ("TC044", "/body") in found(method, url, headers, body)

    @pytest.mark.parametrize("body", [None, b"", " \n"])
    def test_no_bodies(self, body):
        """Nothing is no body."""
        method, url, headers, _ = REQUESTS["user_get"]
        assert found(method, url, headers, body) == []


class TestShapes:
    """Bodies that another endpoint takes."""

    def told(self, url, body):
        """Give code, place and message of what is wrong with a call."""
        return [(each.code, each.pointer, each.message) for each in check_request("POST", url, IN_JSON, body)]

    @pytest.mark.parametrize("encode", [json.dumps, lambda value: value], ids=["text", "value"])
    def test_batches_sent_as_events(self, encode):
        """A batch sent as one event is told with its endpoint, and its events are judged."""
        [shape, inside] = self.told(EVENTS, encode({"batch": [EVENT, {**EVENT, "user": 1}]}))
        assert shape[:2] == ("TC101", "/body")
        assert "/events/batch" in shape[2]
        assert inside[:2] == ("TC102", "/body/batch/1/user")

    def test_events_sent_as_batches(self):
        """One event sent as a batch is told with its endpoint, and is judged."""
        [shape, inside] = self.told(BATCH, {**EVENT, "user": 1})
        assert shape[:2] == ("TC101", "/body")
        assert shape[2].endswith("/events")
        assert inside[:2] == ("TC102", "/body/user")

    def test_sizes_are_those_of_the_endpoint(self):
        """A body is held against the limit of where it goes, whatever it is."""
        many = {"batch": [EVENT] * 300}
        assert [each[:2] for each in self.told(EVENTS, many)] == [("TC101", "/body"), ("TC020", "/body")]
        assert [each[:2] for each in self.told(BATCH, many)] == []
        assert [each[:2] for each in self.told(BATCH, LARGE)] == [("TC101", "/body")]

    @pytest.mark.parametrize("body", [{"a": float("nan"), "batch": []}, {"batch": [{1}]}, '{"batch": [], "batch": []}'])
    def test_unreadable(self, body):
        """What cannot be read is not said to be of another shape."""
        codes = [each[0] for each in self.told(EVENTS, body)]
        assert codes in (["TC011"], ["TC010"], ["TC004"])

    def test_lines_sent_as_events(self):
        """Events one a line are told to be a batch."""
        body = f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}\n"
        [(code, pointer, message)] = self.told(EVENTS, body)
        assert (code, pointer) == ("TC001", "/body")
        assert "one a line" in message

    def test_lists_sent_as_events(self):
        """A list of events is told to be a batch, and anything else that is no object is not."""
        for body in ([EVENT], json.dumps([EVENT])):
            [violation] = check_request("POST", EVENTS, IN_JSON, body)
            assert (violation.code, violation.pointer) == ("TC009", "/body")
            assert "/events/batch" in violation.hint
        [violation] = check_request("POST", EVENTS, IN_JSON, "3")
        assert violation.hint is None

    def test_empty(self):
        """A body that is missing or empty is told."""
        for body in (None, b"", "  "):
            assert [each[:2] for each in self.told(EVENTS, body)] == [("TC008", "/body")]


class TestUsers:
    """What is written of a user."""

    def of(self, body):
        """Give what is wrong with a body."""
        return found("PUT", USER, IN_JSON, body)

    def test_contract(self):
        """The body is held against its contract."""
        assert self.of({"person": {"firstname": "Ada"}}) == []
        assert self.of({"id": "1024"}) == [("TC801", "/body")]
        assert self.of([]) == [("TC009", "/body")]

    def test_ids(self):
        """The user of the body is the one of the query (K115)."""
        assert self.of({"person": {"id": "1024"}}) == []
        assert self.of({"person": {"id": "C-7"}}) == [("TC043", "/body/person/id")]
        assert ("TC043", "/body/person/id") not in self.of({"person": {"id": 1024}})
        assert ("TC043", "/body/person/id") not in self.of({"person": []})
        url = f"{API}/engage/user/?site=3315&token={TOKEN}"
        assert found("PUT", url, IN_JSON, {"person": {"id": "C-7"}}) == [("TC033", "/query")]

    def test_ids_are_not_shown(self):
        """The users are not named."""
        assert "C-7" not in repr(check_request("PUT", USER, IN_JSON, {"person": {"id": "C-7"}}))


def test_pixels():
    """The query of a pixel is held against the contract of pixels, by its places in the query."""
    url = f"{COLLECT}/events{QUERY}&event_name=add_to_cart&value=much&currency=EUR&items[0][id]=SKU-4711#x"
    assert ("TC402", "/query/value") in found("GET", url)
    assert found("GET", f"{COLLECT}/events") == found("GET", f"{COLLECT}/events?")
