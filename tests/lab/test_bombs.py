"""Small inputs that could take much time or memory: each is refused by a documented limit, or read like any other."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from itertools import count, islice
from pathlib import Path

import pytest

import tcspec
from command import tcspec as command
from locations import ROOT
from tcspec.files.lines import iter_lines, open_source
from tcspec.jsontext.reader import Limits
from tcspec.requests.captures import iter_captured_requests

pytestmark = pytest.mark.no_cover  # much work on lines that other tests cover

LIMITS_PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
MEGABYTE = 1 << 20
URL = "https://collect.commander1.com/events?tc_s=1&token=2"
IN_JSON = [("Content-Type", "application/json")]

REFUSED = {
    "nested arrays": (b'{"event":"x","a":' + b"[" * 100_000, "TC006"),
    "nested objects": (b'{"event":' * 100_000 + b"1" + b"}" * 100_000, "TC006"),
    "nested arrays and objects": (b'{"a":[' * 50_000, "TC006"),
    "length": (b'{"a":"' + b"x" * 8 * MEGABYTE + b'"}', "TC007"),
    "blank": (b" " * MEGABYTE, "TC008"),
    "one key many times": (b'{"event":1' + b',"event":1' * 100_000 + b"}", "TC004"),
    "no end": (b'{"a":[' + b"1," * 500_000, "TC001"),
    "quotes without end": (b'{"a":"' + b'\\"' * 500_000, "TC001"),
    "invalid UTF-8 at the end": (b'{"a":"' + "\u20ac".encode() * 300_000 + b'\xff"}', "TC002"),
}
"""Documents that are refused, with their code."""


def colliding_keys(number):
    """Return keys with colliding hashes."""
    names = (f"k{index}" for index in count())
    return list(islice((name for name in names if not hash(name) & 0x3FF), number))


ACCEPTED = {
    "brackets in a string": {"a": "[{" * 100_000},
    "keys": {f"k{index}": index for index in range(100_000)},
    "keys that collide": dict.fromkeys(colliding_keys(500), 1),
    "items": {"a": list(range(200_000))},
    "lists side by side": {"a": [[]] * 200_000},
    "escapes": {"a": "\u0001\\" * 100_000},
    "exponents": {"a": [1e300] * 50_000},
}
"""Properties of an event that is too large to be sent, but readable."""

NUMBERS = {
    "digits": b"9" * 1_000_000,
    "digits of a fraction": b"1." + b"9" * 1_000_000,
    "an exponent": b"1e" + b"9" * 1_000_000,
    "a negative exponent": b"-1e-" + b"9" * 1_000_000,
}
"""Numbers that neither a float nor an integer of Python can represent."""


@pytest.mark.parametrize(("raw", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(raw, code, tmp_path, monkeypatch):
    """A document is refused with the same code by every function and every command."""
    assert [found.code for found in tcspec.validate(raw)] == [code]
    assert not tcspec.is_valid(raw)
    assert [found.code for found in tcspec.lint(raw)] == [code]
    for reader in (tcspec.detect, tcspec.parse, tcspec.upgrade_json, tcspec.trace_upgrade, tcspec.write_pixel):
        with pytest.raises(tcspec.InvalidPayload) as refused:
            reader(raw)
        assert [found.code for found in refused.value.violations] == [code]
    assert code in {found.code for found in tcspec.check_request("POST", URL, IN_JSON, raw)}
    assert tcspec.payload_size(raw) == len(raw)
    monkeypatch.chdir(tmp_path)
    Path("bomb.json").write_bytes(raw)
    Path("bombs.ndjson.gz").write_bytes(gzip.compress(raw.replace(b"\n", b" ") + b"\n{}\n", 1))
    run = command("validate", "--format", "json", "bomb.json", "bombs.ndjson.gz")
    assert run.code == 1
    files = json.loads(run.out)["files"]
    assert [file["violations"][0]["code"] for file in files] == ([code, code] if code != "TC008" else [code, "TC101"])
    for verb in ("upgrade", "fix"):
        assert command(verb, "bomb.json").code == 1


@pytest.mark.parametrize("properties", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(properties):
    """An event is validated and upgraded like any other of its size."""
    event = {"event": "login", "properties": properties}
    raw = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    upgraded = json.loads(tcspec.upgrade_json(raw))
    assert upgraded == {"event_name": "login", **properties, "context": {}}
    assert tcspec.upgrade(event) == upgraded
    codes = {found.code for found in tcspec.validate(raw)}
    assert "TC701" in codes
    assert ("TC020" in codes) == (len(raw) > 32_768)
    assert not codes & {code for _, code in REFUSED.values()}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_numbers(number):
    """A number of any length keeps its text, and is not read as another number."""
    raw = b'{"event":"x","event_timestamp":' + number + b',"properties":{"a":' + number + b"}}"
    after = tcspec.upgrade_json(raw)
    assert after == b'{"event_name":"x","a":' + number + b',"context":{"event_timestamp":' + number + b"}}"
    assert {"TC202", "TC203"} & {found.code for found in tcspec.validate(after)}


def test_many_violations():
    """Of a hundred thousand violations the first thousand are listed; all of them are if that is requested."""
    raw = b'{"batch":[' + b",".join([b"1"] * 100_000) + b"]}"
    pointers = [f"/batch/{index}" for index in range(100_000)]
    *first, rest = [each for each in tcspec.validate(raw) if each.code == "TC009"]
    assert [each.pointer for each in first] == pointers[:1_000]
    assert (rest.message, rest.count, rest.pointer) == ("and 99,000 more", 99_000, pointers[999])
    found = tcspec.validate(raw, limits=Limits(violations=None))
    assert [each.pointer for each in found if each.code == "TC009"] == pointers


def test_decompressed_line(tmp_path):
    """A compressed line of 100 MB is read in chunks, and no more of it is in memory than the limit."""
    path = tmp_path / "bomb.ndjson.gz"
    with gzip.open(path, "wb", 1) as file:
        for _ in range(100):
            file.write(b" " * MEGABYTE)
    assert path.stat().st_size < MEGABYTE
    tracemalloc.start()
    with open_source(str(path)) as source:
        [line] = [len(line.raw) for line in iter_lines(source, MEGABYTE)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert line == MEGABYTE + 2
    assert peak < 6 * MEGABYTE
    assert command("validate", path).code == 1


def test_decompressed_body():
    """A compressed body is decompressed up to the limit and no further."""
    body = gzip.compress(b"x" * 50 * MEGABYTE, 1)
    found = tcspec.check_request("POST", URL, [*IN_JSON, ("Content-Encoding", "gzip")], body)
    assert "TC042" in {each.code for each in found}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("a" + "[b]" * 100_000 + "=1", "TC006"),
        ("a=" + "b" * 8 * MEGABYTE, "TC007"),
        ("a" * MEGABYTE + "=1", None),
        ("&".join(f"a{index}=1" for index in range(50_000)), None),
        ("a" + "[" * 100_000 + "=1", "TC006"),
        ("a[1" + "0" * 1_000 + "]=1", None),
    ],
    ids=["deep", "long", "long name", "wide", "open", "large index"],
)
def test_queries(query, code):
    """The query of a pixel has the same limits."""
    if code is None:
        assert tcspec.read_pixel(query).event
    else:
        with pytest.raises(tcspec.UnreadablePayload, match=code):
            tcspec.read_pixel(query)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"@a = " + b"x" * MEGABYTE + b"\n@b = " + b"{{a}}" * 200 + b"\nGET /{{b}}\n", "TC007"),
        (b"###\n" * 1_000_000, None),
        (b'{"log":' + b"[" * 100_000, "TC006"),
        (b"GET /" + b"a" * 8 * MEGABYTE, "TC007"),
    ],
    ids=["variables", "separators", "archive", "long"],
)
def test_captures(raw, code, tmp_path):
    """A file of requests has the same limits, also when its variables are expanded."""
    codes = {each.violations[0].code for each in iter_captured_requests(raw)}
    assert codes == ({code} if code else set())
    path = tmp_path / "bomb.http"
    path.write_bytes(raw)
    assert command("validate", path).code == 1


@pytest.mark.parametrize(
    "limit", ["200", "300", "8 MiB", "32 MiB", "1,000", "4,300", "--max-depth", "--max-length", "--max-violations"]
)
def test_limits_are_documented(limit):
    """`docs/limits.md` has every limit."""
    assert limit in LIMITS_PAGE
