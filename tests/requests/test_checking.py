"""Requests as a whole: right ones have nothing wrong, and whatever is wrong is told with its place and no secret."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given

import tcspec
from strategies import LAW
from strategies.requests import COLLECT, EVENT, IN_JSON, REQUESTS, SITE, TOKEN, requests
from tcspec.errors import Severity, WrongArgument
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import Limits
from tcspec.requests.checking import Answer, check_request, examine_request
from tcspec.requests.endpoints import BY_ID

QUERY = f"?tc_s={SITE}&token={TOKEN}"
EVENTS = f"{COLLECT}/events{QUERY}"
DOCUMENTED = {400, 401, 403, 404, 405, 415, 429, 500, 200, 202, 207}
ENCODERS = {
    "text": json.dumps,
    "bytes": lambda value: json.dumps(value).encode(),
    "bytearray": lambda value: bytearray(json.dumps(value).encode()),
    "value": lambda value: value,
}


def codes_of(*request, **options):
    """Give the codes of what is wrong with a request, in order."""
    return [violation.code for violation in check_request(*request, **options)]


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_right_requests(endpoint):
    """A right request has no error, and is known as one to its endpoint."""
    found = examine_request(*REQUESTS[endpoint])
    assert [each.code for each in found.violations if each.severity is Severity.ERROR] == []
    assert (found.endpoint, found.kind) == (endpoint, BY_ID[endpoint].kind)


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_bodies_of_any_type(encode):
    """A body is given as the value that is sent or as its JSON text, with the same result."""
    assert codes_of("POST", EVENTS, dict(IN_JSON), encode(EVENT)) == []
    wrong = {**EVENT, "user": "ada"}
    found = check_request("POST", EVENTS, dict(IN_JSON), encode(wrong))
    assert [(each.code, each.pointer) for each in found] == [("TC102", "/body/user")]


def test_public_names():
    """The examination of requests is public."""
    assert tcspec.check_request is check_request
    assert tcspec.examine_request is examine_request
    assert tcspec.Answer is Answer


def test_lines_and_columns_are_those_of_the_body():
    """Lines and columns count inside the body, of a bulk request from its first line."""
    [found] = check_request("POST", EVENTS, IN_JSON, json.dumps({**EVENT, "user": 1}, indent=1))
    assert (found.line, found.column) == (4, 10)
    method, url, headers, _ = REQUESTS["products_bulk"]
    [found] = check_request(method, url, headers, b'{"id": "SKU-4711"}\n\n {"id": 1}')
    assert (found.pointer, found.line, found.column) == ("/body/2/id", 3, 9)


def test_legacy_bodies():
    """A body of the 1.0 format is found out, and makes the call one to the endpoint of 1.0."""
    legacy = {"event_name": "login", "event_id": "e-1", "event_timestamp": 1767225600000, "properties": {}}
    found = examine_request("POST", EVENTS, IN_JSON, legacy)
    assert found.endpoint == "events_legacy"
    assert "TC701" in [each.code for each in found.violations]


def test_legacy_events_in_batches():
    """A batch stays a batch, whatever is in it."""
    legacy = {"event_name": "login", "event_id": "e-1", "event_timestamp": 1767225600000, "properties": {}}
    found = examine_request("POST", f"{COLLECT}/events/batch{QUERY}", IN_JSON, {"batch": [legacy]})
    assert found.endpoint == "events_batch"
    assert "/body/batch/0" in [each.pointer for each in found.violations if each.code == "TC701"]


def test_nothing_is_said_of_what_goes_elsewhere():
    """Of a request to no endpoint only that is said."""
    found = examine_request("POST", "https://www.northwind.example/basket", {}, {"sourceKey": TOKEN})
    assert (found.endpoint, found.kind) == (None, None)
    assert [each.code for each in found.violations] == ["TC030"]


def test_calls_with_a_wrong_method_are_not_blamed_for_having_no_body():
    """What is wrong with a GET where bodies are posted is the method."""
    assert codes_of("GET", f"{COLLECT}/events/batch{QUERY}", IN_JSON) == ["TC032"]


def test_sources_are_of_the_endpoint():
    """What any call can break is told of the page that documents this one."""
    [found] = check_request("GET", "https://api.commander1.com/engage/user/?user_id=1&token=t")
    assert found.source == BY_ID["user_get"].source


def test_limits():
    """What bounds the reading of documents bounds that of bodies."""
    assert codes_of("POST", EVENTS, IN_JSON, {"a": {"b": 1}}, limits=Limits(depth=1))[-1] == "TC006"


@pytest.mark.parametrize(
    "request_",
    [
        (b"POST", EVENTS, {}, {}),
        ("POST", None, {}, {}),
        ("POST", EVENTS, 3, {}),
        ("POST", EVENTS, "Host: x", {}),
        ("POST", EVENTS, {"Host": b"x"}, {}),
        ("POST", EVENTS, [("a",)], {}),
        ("POST", EVENTS, {}, 3.5),
    ],
)
def test_misuse(request_):
    """A part of another Python type is misuse."""
    with pytest.raises(WrongArgument):
        check_request(*request_)


@LAW
@given(requests)
def test_every_pointer_resolves(request_):
    """Every violation points into the request, nothing but misuse raises, and looking changes nothing."""
    before = copy.deepcopy(request_)
    found = examine_request(*request_)
    for violation in found.violations:
        follow(found.document, violation.pointer)
    assert repr(request_) == repr(before)


@LAW
@given(requests)
def test_answers_are_documented(request_):
    """What is answered is documented, and what decides it says so; rights, rates and failures are never foretold."""
    found = examine_request(*request_)
    assert not {403, 429, 500} & set(found.answer.statuses)
    assert list(found.answer.statuses) == sorted(set(found.answer.statuses))
    assert found.answer.why
    if found.endpoint:
        assert set(found.answer.statuses) <= {each.status for each in BY_ID[found.endpoint].answers}
    for violation in found.violations:
        assert set(violation.data.get("answer", ())) <= DOCUMENTED


@LAW
@given(requests)
def test_credentials_are_never_told(request_):
    """Whatever is wrong, no violation and no answer shows the token, nor does what is printed of an examination."""
    found = examine_request(*request_)
    assert TOKEN not in repr(found)
