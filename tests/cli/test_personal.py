"""No output but the payload itself names a person or a secret, whatever the command, the format and the place."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import put, tcspec
from strategies.personal import SECRET, SECRET_TEXTS, is_broken, personal_events
from tcspec.cli.reporting import FORMATS

NAMES = {
    "zq7xv.kellner@priv.example": "kellner",
    "Zq7 Kellner@priv.example": "Kellner",
    "https://priv.example/zq7xv": "priv.example",
    "+33698765432": "98765432",
    "4111 1111 1111 2222": "1111 2222",
    "sk_live_9eZ39HqLyjWDarjtT1zdp7dc": "9eZ39HqLy",
    "2b1d8f04-7425-40de-944b-e07fc1f90ae7": "e07fc1f90ae7",
    "9e8d7c6b" * 8: "9e8d7c6b",
}
"""Names that may be personal or secret, and by what each of them is recognized."""
_LONG = "<long>"
"""Stands in a drawn file for a value above every limit of a size, so that hypothesis can show and reduce the file."""


pytestmark = pytest.mark.usefixtures("elsewhere")


def _iter_objects(value):
    """Yield the objects in a JSON value."""
    if isinstance(value, dict):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _iter_objects(member)


@st.composite
def documents(draw):
    """Draw an event with secrets in values, keys and its name, alone, in a batch or an array, and cut or not."""
    event = deepcopy(draw(personal_events()))
    name = draw(st.sampled_from(list(NAMES)))
    for _ in range(draw(st.integers(1, 3))):
        objects = list(_iter_objects(event))
        value = draw(st.sampled_from((SECRET, 5, {"a": SECRET}, [SECRET], _LONG)))
        draw(st.sampled_from(objects))[draw(st.sampled_from((name, f"user {name}")))] = value
    if draw(st.booleans()):
        event[draw(st.sampled_from(("event_name", "event", "currency", "status")))] = name
    payload = draw(st.sampled_from((event, {"batch": [event, event]}, [event], {"sent": {name: event}})))
    text = json.dumps(payload, indent=draw(st.sampled_from((None, 1))), ensure_ascii=draw(st.booleans()))
    cut = draw(st.integers(0, len(text)))
    broken = filter(is_broken, (text[:cut], text[:cut] + text[cut + 1 :], f"{text[:-1]},{text[1:]}"))
    return draw(st.sampled_from((text, *broken))).encode()


@st.composite
def queries(draw):
    """Draw the URL or the query of a pixel with secrets in names, values, path and authority, encoded or not."""
    encode = draw(st.sampled_from((quote, str)))
    name = encode(draw(st.sampled_from(list(NAMES))))
    value = draw(st.sampled_from((SECRET, f"a {SECRET}", f"#{SECRET}", f"a\t{SECRET} b", "")))
    parameters = ["tc_s=3315", "event_name=login", f"user[id]={value}", f"{name}={value}", f"token={SECRET}", "x=1 2"]
    parameters += [f" {SECRET}", f"title=Tom & {SECRET}={SECRET}", f"user[{name}]=1"]
    address = draw(
        st.sampled_from(
            (
                "https://collect.commander1.com/events?",
                f"https://{SECRET}:{SECRET}@collect.commander1.com/events?",
                f"/{SECRET}/events?",
                # The host of a URL is shown: it is an address of a shop or of the vendor, and nobody's.
                "" if "://" in name else f"{name}?",
                "",
            )
        )
    )
    return (address + "&".join(draw(st.permutations(parameters))[: draw(st.integers(1, 9))])).encode()


@st.composite
def captures(draw):
    """Draw captured requests with secrets in path, query, headers, cookies and body."""
    name = draw(st.sampled_from(list(NAMES)))
    path = draw(st.sampled_from(("/events", f"/{SECRET}/events", f"/v1.0/engage/user/{quote(name)}", "/x")))
    body = draw(documents()).decode()
    host = draw(st.sampled_from(("collect.commander1.com", "api.commander1.com", "shop.example")))
    url = f"https://{host}{path}?tc_s={SECRET}&token={SECRET}&{quote(name)}={SECRET}"
    headers = {"Cookie": f"id={SECRET}", "Authorization": f"Bearer {SECRET}{SECRET}", f"X-{SECRET[:2]}": SECRET}
    if draw(st.booleans()):
        pairs = [{"name": key, "value": value} for key, value in headers.items()]
        request = {"method": "POST", "url": url, "headers": pairs, "postData": {"text": body}}
        return "a.har", json.dumps({"log": {"entries": [{"request": request}]}}).encode()
    lines = "".join(f"{key}: {value}\n" for key, value in headers.items())
    return "a.http", f"### {name}\nPOST {url}\n{lines}\n{body}\n".encode()


_OTHER_FILES = st.sampled_from(list(NAMES)).map(lambda name: f"name,mail\n{SECRET},{name}\nkey: {SECRET}\n".encode())
_FILES = st.one_of(
    documents().map(lambda raw: ("a.json", raw)),
    documents().map(lambda raw: ("a.ndjson", raw.replace(b"\n", b"") + b"\n" + raw.replace(b"\n", b""))),
    queries().map(lambda raw: ("a.txt", raw)),
    captures(),
    _OTHER_FILES.map(lambda raw: ("a.csv", raw)),
)
_COMMANDS = (
    *(("check", "--format", style) for style in FORMATS if style != "server"),
    *(("check", "--format", "server", "--kind", kind) for kind in ("product", "conversion")),
    *(("check", "--kind", kind) for kind in ("event", "pixel", "user", "batch")),
    *(("check", "--stats"), ("validate", "--version", "1.0"), ("check", "--write-baseline", "base")),
    *(("check", "--require-events", "required"), ("size",), ("size", "--format", "json"), ("upgrade", "--check")),
    *(("upgrade", "--write"), ("fix", "--check", "--unsafe"), ("fix", "--unsafe"), ("migrate",)),
    *(("migrate", "--on-invalid", "reject", "--format", "json"), ("schema", "--compare", "base.json")),
)


@given(_FILES, st.sampled_from(_COMMANDS))
def test_outputs(file, command):
    """Neither stdout, stderr, a baseline nor the reasons of rejects show a secret or a personal name."""
    for path in Path().iterdir():
        path.unlink()
    put("required", b"signup\n")
    put("base.json", b'{"$schema": "https://json-schema.org/draft/2020-12/schema"}')
    name, raw = file
    put(name, raw.replace(_LONG.encode(), b"x" * 40_000))
    ran = tcspec(*command, name, *(["out"] if command[0] == "migrate" else []))
    assert ran.code < 3
    files = (Path(each) for each in ("base", "out.rejects.ndjson.reasons.ndjson"))
    output = "".join((ran.out, ran.err, *(path.read_text() for path in files if path.exists())))
    assert not [mark for mark in (*SECRET_TEXTS, *NAMES.values()) if mark in output]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_large_values(name):
    """A name that may be personal is masked in the reasons of a reject, also where they list what is large."""
    file = put("a.json", json.dumps({"event_name": "login", name: "x" * 40_000}).encode())
    tcspec("migrate", "--on-invalid", "reject", file, "out")
    reasons = Path("out.rejects.ndjson.reasons.ndjson").read_text()
    assert '"costliest": {"/(masked)":' in reasons
    assert NAMES[name] not in reasons


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"custom_dimension_12": 1, "currency":', '"custom_dimension_12": *, "currency":'),
        ('{"event_name": "brochure_2024_downloaded", "user": 5}', '"brochure_2024_downloaded"'),
        ('{"event_name": "purchase", "currency": "eur", "context": {}}', '"currency": "eur"'),
        ('{"event_name": "x", "visit": {"a_b": 1, "a_b": 2}}', 'duplicate key "a_b"'),
        (
            "https://collect.commander1.com/events?tc_s=1&event_name=x&a=1&a=2",
            "https://collect.commander1.com/events?tc_s=*",
        ),
    ],
)
def test_ordinary_names_stay(text, shown):
    """Keys, events, parameters, addresses of the vendor and known values that name nobody are shown."""
    assert shown in tcspec("check", put("a.json", text.encode())).out


def test_rest_of_a_value():
    """Behind an ampersand and a space is the rest of a value and no name of a parameter."""
    put("a.txt", b"https://collect.commander1.com/events?event_name=#a&title=Tom & Zq7Xv=1")
    ran = tcspec("check", "--kind", "pixel", "a.txt")
    assert "event_name=**&title=****&******=*" in ran.out
    assert "Zq7Xv" not in ran.out
