"""Arrays of events, and payloads in other documents, as the commands read them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import tcspec as library
from command import locate, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
VALID = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
NO_ID = {**VALID, "context": {"event_timestamp": 1718006400000}}
SECONDS = {**VALID, "context": {"event_id": "2", "event_timestamp": 1718006400}}
LEGACY = {"event": "login", "event_id": "3", "event_timestamp": 1718006400000, "properties": {"method": "card"}}
STYLES = [{}, {"indent": 2}, {"separators": (",", ":")}, {"indent": "\t"}]


pytestmark = pytest.mark.usefixtures("elsewhere")


def array(*members, name="a.json", style=None, end="\n"):
    """Write an array into a file."""
    return put(name, (json.dumps(members, **style or {}) + end).encode())


def violations(*arguments):
    """Return the violations of a run of `tcspec check`, as JSON has them."""
    (file,) = json.loads(tcspec("check", "--format", "json", *arguments).out)["files"]
    return file["violations"]


def found(*arguments):
    """Return the codes and pointers of what `tcspec check` finds."""
    return [(each["code"], each["pointer"]) for each in violations(*arguments)]


class TestCheck:
    """Arrays, member by member."""

    @pytest.mark.parametrize("style", STYLES)
    @pytest.mark.parametrize("command", ["check", "validate"])
    def test_members(self, command, style):
        """Each member is a payload, with pointer, line and column in the file."""
        path = array(
            VALID, NO_ID, VALID | {"context": {"event_id": "4", "event_timestamp": 1718006400000}}, style=style
        )
        ran = tcspec(command, "--format", "json", path)
        (file,) = json.loads(ran.out)["files"]
        (violation,) = file["violations"]
        assert (ran.code, violation["code"], violation["pointer"]) == (1, "TC201", "/1/context")
        line = Path(path).read_text(encoding="utf-8").split("\n")[violation["line"] - 1]
        assert line[violation["column"] - 1] == "{"
        assert file["payloads"] == 3

    def test_standard_input(self):
        """An array on standard input is read the same, on one line or on many."""
        for style in STYLES:
            ran = tcspec("check", "--format", "json", "-", stdin=json.dumps([VALID, NO_ID], **style).encode())
            assert [each["pointer"] for each in json.loads(ran.out)["files"][0]["violations"]] == ["/1/context"]

    def test_excerpt(self):
        """The text shows the member and not the others."""
        out = tcspec("check", array(VALID, NO_ID)).out
        number, _, text = out.splitlines()[1].partition(" | ")
        assert (number.strip(), text[0], text[-3:]) == ("1", "…", "0}}")
        assert "    at: /1/context" in out.splitlines()

    def test_other_members(self):
        """A member that is no object is an error in its place; with --payloads-only it is passed over."""
        path = array(VALID, 5, {"name": "a package"})
        assert ("TC009", "/1") in found(path)
        ran = tcspec("check", "--payloads-only", "--format", "json", path)
        assert json.loads(ran.out)["files"][0]["skipped"] == 2
        assert ran.code == 0

    def test_streams(self):
        """The rules over the events of a file are those over the members of an array."""
        assert ("TC235", "/1/context/event_id") in found(array(VALID, VALID))

    def test_kind(self):
        """A declared kind is that of every member."""
        assert found("--kind", "product", array({"id": "1", "name": "Tent"}, {"name": "Tent"})) == [("TC801", "/1")]

    def test_broken(self):
        """An array that is no JSON is reported once, at its place."""
        path = put("a.json", b'[\n{"event_name": "login"},\n{"event_name" "login"}]')
        assert locate(path) == [("TC001", 3, 15)]

    def test_no_events(self):
        """An array without an object is no array of payloads."""
        assert found(put("a.json", b'["login"]')) == [("TC009", "")]

    def test_member_of_an_array_is_measured_as_an_event(self):
        """`tcspec size` measures each member, and names it."""
        report = json.loads(tcspec("size", "--format", "json", array(VALID, NO_ID)).out)["files"][0]
        assert sorted(each["pointer"] for each in report["largest"]) == ["/0", "/1"]
        assert "a.json:1 at /0: " in tcspec("size", "a.json").out


class TestFix:
    """Fixes of the members of an array."""

    @pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
    @pytest.mark.parametrize("style", STYLES)
    def test_bytes(self, style, end):
        """What is fixed is fixed in place; every other byte stays."""
        path = array(VALID, SECONDS, 5, SECONDS, style=style, end=end)
        before = Path(path).read_bytes()
        tcspec("fix", path)
        assert Path(path).read_bytes() == before.replace(b"1718006400}", b"1718006400000}").replace(
            b"1718006400\n", b"1718006400000\n"
        )

    @pytest.mark.parametrize("style", STYLES)
    def test_diff(self, style):
        """The diff is what is written, in whole lines of the file."""
        patch = shutil.which("patch")
        if patch is None:
            pytest.skip("no patch program")
        before = Path(array(SECONDS, VALID, SECONDS, style=style)).read_bytes()
        ran = tcspec("fix", "--diff", "a.json")
        tcspec("fix", "a.json")
        after = Path("a.json").read_bytes()
        Path("a.json").write_bytes(before)
        subprocess.run([patch, "-s", "-p0", "a.json"], input=ran.out.encode(), check=True)
        assert (ran.code, Path("a.json").read_bytes()) == (1, after)


class TestUpgrade:
    """Upgrades of the members of an array."""

    @pytest.mark.parametrize("style", STYLES)
    def test_write(self, style):
        """The events are upgraded in place, and what is no legacy event stays as it is."""
        path = array(VALID, LEGACY, "x", style=style)
        before = Path(path).read_text(encoding="utf-8")
        assert tcspec("upgrade", "--check", path).code == 1
        assert tcspec("upgrade", "--write", path).code == 0
        after = Path(path).read_text(encoding="utf-8")
        assert json.loads(after) == [VALID, library.upgrade(LEGACY), "x"]
        start = before.index('"event":') if style.get("separators") else before.index('"event": ')
        assert after[:start] == before[:start]
        assert after.endswith(before[before.rindex('"x"') :])
        assert tcspec("upgrade", "--check", path).code == 0

    def test_print(self):
        """Without --write the upgraded array is printed."""
        assert json.loads(tcspec("upgrade", array(LEGACY, VALID)).out) == [library.upgrade(LEGACY), VALID]

    def test_hook(self):
        """The hook finds legacy events in arrays, and passes over arrays without one."""
        ran = tcspec("upgrade", "--payloads-only", "--check", array(VALID, LEGACY), array({"a": 1}, name="b.json"))
        assert ran.code == 1
        assert "b.json" not in ran.err
        assert tcspec("upgrade", "--payloads-only", "--check", array(VALID, name="c.json")).code == 0

    def test_size(self):
        """A member that exceeds the limit after its upgrade is named."""
        empty = LEGACY | {"properties": {"text": ""}}
        big = LEGACY | {"properties": {"text": "x" * (32_000 - library.payload_size(empty))}}
        err = tcspec("upgrade", array(VALID, big)).err
        assert "TC021" in err
        assert "    at: /1\n" in err


class TestEnvelopes:
    """Payloads under other keys, and in strings."""

    def test_string(self):
        """JSON text in a string is checked where --pointer names it, with its place in the file."""
        path = put("a.json", json.dumps({"Records": [{"body": json.dumps(each)} for each in (VALID, NO_ID)]}).encode())
        (violation,) = violations("--pointer", "/Records/*/body", path)
        assert (violation["code"], violation["pointer"]) == ("TC201", "/Records/1/body#/context")
        text = Path(path).read_text(encoding="utf-8")
        assert text[violation["column"] - 1 :].startswith('{\\"event_timestamp')
        assert (
            "    at: /Records/1/body#/context" in tcspec("check", "--pointer", "/Records/*/body", path).out.splitlines()
        )

    def test_string_in_every_format(self):
        """Every format reports what is in a string."""
        path = put("a.json", json.dumps({"raw": json.dumps(NO_ID, indent=2)}).encode())
        for style in ("text", "json", "ndjson", "github", "gitlab", "junit", "sarif", "html"):
            assert "TC201" in tcspec("check", "--pointer", "/raw", "--format", style, path).out

    def test_pixel_in_a_string(self):
        """The URL of a pixel in a string is one too."""
        url = "https://collect.commander1.com/events?tc_s=3315&event_name=search"
        assert ("TC101", "/url#") in found("--pointer", "/url", put("a.json", json.dumps({"url": url}).encode()))

    @pytest.mark.parametrize(
        ("envelope", "pointer"),
        [
            ({"payload": VALID}, "/payload"),
            ({"id": 7, "events": [VALID, NO_ID]}, "/events/*"),
            ({"Records": [{"messageId": "1", "body": json.dumps(VALID)}]}, "/Records/*/body"),
            ({"Records": [{"body": json.dumps({"detail": VALID})}]}, "/Records/*/body/detail"),
            ({"item": [{"request": {"body": {"raw": json.dumps([VALID])}}}]}, "/item/*/request/body/raw/*"),
        ],
    )
    def test_hint(self, envelope, pointer):
        """A payload under another key is found: the hint names the pointer, which finds it."""
        hints = [each.hint for each in library.validate(envelope) if each.hint]
        assert hints == [f"a payload is at {pointer}: check that, on the command line with --pointer '{pointer}'"]
        path = put("a.json", json.dumps(envelope).encode())
        assert {each["code"] for each in violations("--pointer", pointer, path)} <= {"TC201", "TC235"}

    def test_hint_in_arrays(self):
        """The hint at a row of an export leads to the payloads of all rows."""
        path = array({"rawDataCa": json.dumps(VALID), "createdAt": "2024"}, {"rawDataCa": json.dumps(NO_ID)})
        hints = {each["hint"] for each in violations(path) if each["hint"]}
        assert hints == {"a payload is at /rawDataCa: check that, on the command line with --pointer '/rawDataCa'"}
        assert ("TC201", "/1/rawDataCa#/context") in found("--pointer", "/rawDataCa", path)

    def test_no_hint(self):
        """A name that may be personal is in no hint, and where there is no payload there is none."""
        for document in ({"ada@shop.example": VALID}, {"a": {"b": [1, "{"]}}, {"a": '{"b": "{}"}'}):
            assert not any("--pointer" in (each.hint or "") for each in library.validate(document))


@pytest.mark.parametrize(
    "events", [[VALID], [VALID, VALID], (VALID,), json.dumps([VALID]), json.dumps([VALID]).encode()]
)
def test_array_in_the_library(events):
    """The library takes one payload: an array of events gets a hint with its type error."""
    hint = 'check its members one by one, or put events into a batch: {"batch": [...]}'
    assert [(each.code, each.hint) for each in library.validate(events)] == [("TC009", hint)]
    with pytest.raises(library.UnreadablePayload) as raised:
        library.detect(events)
    assert raised.value.violations[0].hint == hint


def test_events_as_batches():
    """An array of events that is checked as batches gets a hint what a batch is."""
    [missing] = violations("--kind", "batch", array(VALID))
    assert (missing["code"], missing["pointer"]) == ("TC101", "/0")
    assert missing["hint"] == 'this is an event; a batch is an object with its events: {"batch": [...]}'


def test_sizes_at_pointers():
    """`tcspec size --pointer` measures what the pointer names, also in a string; what is not there is an error."""
    path = put("a.json", json.dumps({"items": [{"body": json.dumps(VALID)}, {"body": VALID}, {}]}).encode())
    ran = tcspec("size", "--format", "json", "--pointer", "/items/*/body", path)
    (file,) = json.loads(ran.out)["files"]
    assert {each["pointer"] for each in file["largest"]} == {"/items/0/body#", "/items/1/body"}
    assert {each["bytes"] for each in file["largest"]} == {library.payload_size(VALID)}
    assert ran.code == 1
    assert [each["code"] for each in file["violations"]] == ["TC009"]
