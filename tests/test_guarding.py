"""The check before sending, the line for a log, and the examples of docs/guard.md with the real libraries."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import logging
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locations import ROOT
from payloads import full_of, legacy_full, minimal
from strategies.documents import hostile_documents
from strategies.events import nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec import guard, summarise, validate
from tcspec.errors import InvalidPayload, UnknownKind, WrongArgument
from tcspec.jsontext.reader import Limits
from tcspec.models import Context, Login, User
from tcspec.validation import has_errors

EXAMPLES = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs/guard.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
JSON = {"Content-Type": "application/json"}
LOGIN = Login(user=User(id="C-1"), context=Context(event_id="e-1", event_timestamp=1718000000000))


@given(st.one_of(valid_events, nearly_valid_events(), biased_objects))
def test_guard_agrees_with_validate(event):
    """A dict is returned as compact JSON when it is valid, and refused with its violations otherwise."""
    found = validate(event)
    if has_errors(found):
        with pytest.raises(InvalidPayload) as refused:
            guard(event)
        assert list(refused.value.violations) == found
    else:
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        assert json.loads(guard(event)) == event
        assert len(guard(event)) == len(body)


@given(hostile_documents)
def test_any_document(raw):
    """Bytes come back as they are, or are refused; either way their line is one, in ASCII."""
    line = summarise(raw)
    assert line.isascii()
    assert line.isprintable()
    if has_errors(validate(raw)):
        with pytest.raises(InvalidPayload):
            guard(raw)
        assert "errors=0" not in line
    else:
        assert guard(raw) == raw
        assert "errors=0" in line


def test_bodies():
    """A model becomes compact JSON; a body that is bytes or text is returned as it is, in UTF-8."""
    assert guard(LOGIN) == LOGIN.to_json()
    spaced = json.dumps(minimal("login") | {"city": "Zürich"}, indent=2, ensure_ascii=False)
    assert guard(spaced) == guard(spaced.encode()) == spaced.encode()
    assert guard({"batch": [LOGIN.to_payload()]}) == b'{"batch":[' + LOGIN.to_json() + b"]}"
    assert json.loads(guard(full_of("product"), "product")) == full_of("product")
    assert json.loads(guard(legacy_full("login"), version="1.0")) == legacy_full("login")


def test_messages_are_readable():
    """The message of a refusal has the first violation, where it is, and how many there are more."""
    payload = minimal("search") | {"user": {"email": 3}}
    del payload["search_term"]
    with pytest.raises(InvalidPayload) as refused:
        guard(payload)
    assert str(refused.value) == ("TC101 error at the root: missing required property `search_term` (and 1 more)")
    assert "TC302 error at /user/email" in str(refused.value.violations[1])
    with pytest.raises(InvalidPayload, match=r"^1:2: TC001 error at the root"):
        guard("{'event_name': 'login'}")
    with pytest.raises(InvalidPayload, match="TC020"):
        guard(minimal("login") | {"note": "x" * 40_000})
    with pytest.raises(InvalidPayload, match="TC701"):
        guard(legacy_full("login"))


def test_a_warning_is_no_reason():
    """What is refused is explained by an error, also when a warning comes before it."""
    event = minimal("login") | {"context": {"event_timestamp": 1718006400000}, "note": "x" * 32_100}
    assert validate(event)[0].code == "TC021"
    with pytest.raises(InvalidPayload, match=r"^TC201 error at /context: missing .* \(and 1 more\)$"):
        guard(event)


def test_misuse():
    """An unknown kind, and what holds no payload, are misuse; the limits are those of the call."""
    for function in (guard, summarise):
        with pytest.raises(UnknownKind):
            function({}, "pixle")
        with pytest.raises(WrongArgument):
            function({}, 3)
    with pytest.raises(InvalidPayload, match="TC006"):
        guard(minimal() | {"deep": [[[1]]]}, limits=Limits(depth=3))
    assert "TC006" in summarise(minimal() | {"deep": [[[1]]]}, limits=Limits(depth=3))


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (LOGIN, "kind=event version=2.0 event=login id=e-1 bytes=103 errors=0 warnings=0"),
        (
            {"event_name": "ada@shop.example", "context": {"eventId": "ada@shop.example"}, "user": {}},
            (
                "kind=event version=2.0 event=(masked) id=(masked) bytes=84 errors=1 warnings=0 "
                'violations="TC201 at /context"'
            ),
        ),
        (
            {"event": "a\nb", "event_id": "7", "properties": {}},
            'kind=event version=1.0 event="a\\nb" id=7 bytes=47 errors=1 warnings=0 violations="TC701 at the root"',
        ),
        (
            {"batch": [{"user": {}, "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}, 3]},
            (
                "kind=batch version=2.0 events=2 bytes=86 errors=2 warnings=0 "
                'violations="TC101 at /batch/0, TC009 at /batch/1"'
            ),
        ),
        (b"{", 'errors=1 warnings=0 violations="TC001 at the root"'),
    ],
)
def test_lines_for_a_log(payload, line):
    """A line says what a payload is, how large it is, and its violations, and nothing personal."""
    assert summarise(payload) == line


def test_lines_are_short():
    """Of many violations the first five are listed, and the others are counted."""
    line = summarise({"batch": [{}] * 4000})
    assert len(line) < 400
    assert line.count("TC") == 5
    assert line.endswith(' more"')


@pytest.fixture
def endpoint():
    """Start an endpoint on this machine that keeps what it receives; return its address and what it received."""
    received = []

    class Endpoint(BaseHTTPRequestHandler):
        """Answers 200 to everything, as the vendor's does."""

        def do_POST(self):
            """Keep the type and the body of a request."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["Content-Type"], body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/events", received
    server.shutdown()
    thread.join()
    server.server_close()


def run_example(name, **known):
    """Run the example that imports a library, and return its names; skip the test where the library is missing."""
    # Without the library its name is that of our own folder of tests, or of none.
    if getattr(importlib.util.find_spec(name), "origin", None) is None:
        pytest.skip(f"{name} is not installed")
    (example,) = [each for each in EXAMPLES if re.match(rf"(?s).*^(?:import|from) {name}\b", each, re.MULTILINE)]
    names = dict(known)
    exec(compile(example, f"docs/guard.md: {name}", "exec"), names)  # noqa: S102 - our own documentation
    return names


@pytest.mark.parametrize("library", ["httpx", "requests", "aiohttp"])
def test_http_clients(endpoint, library):
    """With each client a valid event is sent as its compact JSON, and an invalid one is not sent."""
    url, received = endpoint
    send = run_example(library, URL=url, HEADERS=JSON)["send"]
    run = asyncio.run if inspect.iscoroutinefunction(send) else lambda done: done
    run(send(LOGIN))
    assert received == [("application/json", LOGIN.to_json())]
    with pytest.raises(InvalidPayload):
        run(send({"event_name": "login"}))
    assert len(received) == 1


@pytest.mark.parametrize("library", ["fastapi", "starlette"])
def test_applications(library):
    """An application accepts a valid event as its class, and refuses any other with 422 and its violations."""
    httpx = pytest.importorskip("httpx")
    app = run_example(library)["app"]

    async def send(body):
        """Send a body to the application."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://shop.example") as client:
            return await client.post("/events", content=body, headers=JSON)

    accepted = asyncio.run(send(LOGIN.to_json()))
    assert (accepted.status_code, accepted.json()) == (202, {"accepted": "login"})
    for body in (b"{", b'{"event_name": "login"}', b'{"event_name": "login", "user": 3}', b"\xff"):
        refused = asyncio.run(send(body))
        assert refused.status_code == 422
        expected = [{**violation.to_dict(), "fix": None} for violation in validate(body, "event")]
        assert refused.json()["violations"] == expected
        assert refused.json()["detail"].split()[1].startswith("TC")


# FastAPI gives fields a name that pydantic takes for misplaced.
@pytest.mark.filterwarnings("ignore:The 'alias' attribute")
def test_models_as_bodies():
    """A model is the type of a body for FastAPI, in its checks, its answers and its OpenAPI document."""
    httpx, fastapi = pytest.importorskip("httpx"), pytest.importorskip("fastapi")
    app = fastapi.FastAPI()

    async def login(event):
        """Return what was received."""
        return event

    # Not in the source, where annotations are strings.
    login.__annotations__.update({"event": Login, "return": Login})
    app.post("/login")(login)

    async def send(body):
        """Send a body to the application."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://shop.example") as client:
            return await client.post("/login", content=body, headers=JSON)

    sent = LOGIN.to_payload() | {"shop": 3}
    assert asyncio.run(send(json.dumps(sent))).json() == sent
    assert asyncio.run(send(b'{"event_name": "login"}')).status_code == 422
    assert "method" in app.openapi()["components"]["schemas"]["Login"]["properties"]


def test_openapi():
    """The published schema is in the OpenAPI document of a FastAPI application, and every reference in it resolves."""
    app = run_example("fastapi")["app"]
    operation = app.openapi()["paths"]["/events"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["$id"] == "urn:tcspec:event:2.0"
    assert operation["requestBody"]["required"] is True
    assert "422" in operation["responses"]
    assert set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema))) <= set(schema["$defs"])


def test_answers_have_nothing_personal():
    """An answer repeats neither a value nor a name that may be personal."""
    pytest.importorskip("starlette")
    from tcspec.starlette import refuse  # noqa: PLC0415 - as above

    payload = minimal("login") | {"user": {"email": ["ada@shop.example"], "ada@shop.example_md5": "ada@shop.example"}}
    found = validate(payload)
    assert len(found) > 1
    found += validate(minimal("login") | {"ada@shop.example": "x" * 40_000})
    assert b"ada@" not in refuse(None, InvalidPayload(found)).body


def test_other_errors_are_raised():
    """The handler answers an InvalidPayload only."""
    pytest.importorskip("starlette")
    from tcspec.starlette import body, openapi, refuse  # noqa: PLC0415 - as above

    with pytest.raises(KeyError):
        refuse(None, KeyError("x"))
    for function in (body, openapi):
        with pytest.raises(UnknownKind):
            function("pixle")
        with pytest.raises(WrongArgument):
            function("event", 2)


def test_consumers(caplog):
    """A consumer sends what is valid, and sets the rest apart with one line a message."""
    (example,) = [each for each in EXAMPLES if "def consume" in each]
    names = {}
    exec(compile(example, "docs/guard.md", "exec"), names)  # noqa: S102 - our own documentation
    sent, rejected = [], []
    messages = [SimpleNamespace(value=value) for value in (LOGIN.to_json(), b"{", b"[]")]
    with caplog.at_level(logging.WARNING):
        names["consume"](messages, sent.append, rejected.append)
    assert sent == [LOGIN.to_json()]
    assert rejected == messages[1:]
    assert caplog.messages == [f"refused {summarise(message.value)}" for message in rejected]


def test_no_example_is_forgotten():
    """Every example in Python of the page is run by one of these tests."""
    libraries = ("httpx", "requests", "aiohttp", "fastapi", "starlette.applications", "logging")
    assert len(EXAMPLES) == len(libraries)
    assert all(any(library in each for library in libraries) for each in EXAMPLES)
