"""Write `fixtures/streams`: seeded choices among the other fixtures, and what must become of each line.

Expected events come from `slow_upgrade`; expected codes are those that the fixtures were given by hand: the
place of an invalid one, `event/1.0/after-upgrade.json` for a legacy one, the tables below for the rest.
Nothing of tcspec is asked, so that tcspec can be held against what is written here. Run this file after
changing a fixture; `test_fixtures.py` fails until it was run.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from locations import FIXTURES
from slow_upgrade import slow_upgrade

LONGEST = 4096
"""A fixture larger than this would make up most of a stream."""

BROKEN = (
    (b'\xef\xbb\xbf{"event": "login", "properties": {}}', "TC003"),
    (b'{"event": "login", "properties": {}', "TC001"),
    (b'{"event": "login", "properties": {},}', "TC001"),
    (b"event=login", "TC001"),
    (b'{"event": "login"} {"event": "login"}', "TC001"),
    (b'{"event": "login", "properties": {"seats": 03}}', "TC001"),
    (b'{"event": "login", "properties": {"name": "Th\xe9o"}}', "TC002"),
    (b'{"event": "login", "properties": {"name": "\xed\xa0\xbd"}}', "TC002"),
    (b'{"event": "login", "event": "search", "properties": {}}', "TC004"),
    (b'{"event": "login", "properties": {"a": 1, "a": 1}}', "TC004"),
    (b'{"event": "login", "properties": {"user": {"id": "c", "id": "d"}}}', "TC004"),
    (b'{"event": "login", "page": {"title": "t", "ti\\u0074le": "u"}, "properties": {}}', "TC004"),
    (b'{"event": "login", "device": {"ip": "192.0.2.1", "ip": null}, "properties": {}}', "TC004"),
    (b'{"event_name": "login", "user": {"id": "c", "id": "d"}, "context": {}}', "TC004"),
    (b'{"event_name": "login", "user": {}, "context": {"event_id": "1", "event_id": "1"}}', "TC004"),
    (b'{"event": "login", "properties": {"name": "\\ud800"}}', "TC005"),
    (b'{"event": "login", "properties": {"deep": [{"name": "\\ude00\\ud83d"}]}}', "TC005"),
    (b'{"event": "login", "properties": {"deep": ' + b"[" * 200 + b"]" * 200 + b"}}", "TC006"),
    (b'[{"event": "login", "properties": {}}]', "TC009"),
    (b'"login"', "TC009"),
    (b"17", "TC009"),
    (b"null", "TC009"),
    (b'{"event": "login", "properties": {"seats": NaN}}', "TC011"),
    (b'{"event": "login", "properties": {"deep": [[-Infinity]]}}', "TC011"),
    (b'{"tc_s": "4411", "order_id": "o-7781", "product_list_product_id_1": "lamp-opal"}', "TC702"),
)
"""Lines that cannot be migrated, and why."""

_USER = b'"user": {"id": "c-20418"}'
_NEW = b'"user": {}, "context": {"event_id": "1", "event_timestamp": 1718006400000}'
_OLD = b'"event": "login", "eventId": "1", "eventTimestamp": "1718006400000", "properties": {'
ODD = (
    (b"{" + _OLD + _USER + b', "rate": 1.10, "big": 12345678901234567890123, "e": 1E5, "minus": -0}}', ()),
    (b"{" + _OLD + _USER + b', "path": "a\\/b", "name": "Th\\u00e9o", "line": "\xe2\x80\xa8"}}', ()),
    (b"\t{ " + _OLD + _USER + b' , "spaced" : [ 1 ,2 ]\t}   } ', ()),
    (b"{" + _OLD + b'"user": {"consent_categories": [ 2,-0, 7.0, 12345678901234567890123 ]}}}', ()),
    (b"{" + _OLD + _USER + b', "deep": [{"a": 1, "a": 2}]}}', ("TC004",)),
    (b"{" + _OLD + b'"user": "\\"{waiting_for_consent}\\""}}', ("TC102",)),
    (b"{" + _OLD + _USER + b', "story": "' + b"sable et feu. " * 2340 + b'"}}', ("TC020",)),
    (b'{"event_name": "login", "n": 1.10, "m": 1E5, "path": "a\\/b" , ' + _NEW + b"}", ()),
    (b'{"event_name": "login", "deep": {"x": {"a": 1, "a": 2}}, ' + _NEW + b"}", ("TC004",)),
    (b"{}", ("TC101",)),
)
"""Lines that are kept though they are spelt oddly, and the codes of what is kept."""


@dataclass(frozen=True)
class Line:
    """One line of a stream without its newline, and what must become of it."""

    raw: bytes
    outcome: str
    codes: tuple[str, ...] = ()
    event: object = None


def kept(raw, codes):
    """Expect a line to be kept: upgraded, or unchanged when the contract changes nothing."""
    before = json.loads(raw)
    after = slow_upgrade(before)
    if json.dumps(before) == json.dumps(after):
        return Line(raw, "unchanged", tuple(codes))
    return Line(raw, "upgraded", tuple(codes), after)


def legacy_events():
    """Read the valid 1.0 fixtures, with the codes of what becomes of them."""
    codes = json.loads((FIXTURES / "event/1.0/after-upgrade.json").read_bytes())
    folder = FIXTURES / "event/1.0/valid"
    return [(json.loads((folder / name).read_bytes()), tuple(found)) for name, found in sorted(codes.items())]


def current_events():
    """Read the 2.0 fixtures that an upgrade leaves as valid or as broken as they are."""
    for path in sorted((FIXTURES / "event/2.0").rglob("*.json")):
        code = path.parent.name
        if path.stat().st_size < LONGEST and (code == "valid" or code[2] in "123456"):
            event = json.loads(path.read_bytes())
            if code == "valid":
                yield event, ()
            elif json.dumps(slow_upgrade(event)) == json.dumps(event):
                yield event, (code,)


def spelt(event, rng):
    """Spell an event as one of the many writers of JSON would."""
    separators = rng.choice(((",", ":"), (", ", ": "), (" , ", " : ")))
    text = json.dumps(event, ensure_ascii=rng.random() < 0.5, separators=separators)
    return (text.replace("/", "\\/") if rng.random() < 0.3 else text).encode()


def drawn(events, count, rng):
    """Draw events, mark each with a custom property, and expect them to be kept."""
    for number in range(count):
        event, codes = rng.choice(events)
        marked = json.loads(json.dumps(event))
        place = marked["properties"] if isinstance(marked.get("properties"), dict) else marked
        if "event" in marked or "event_name" in marked:
            place["stream_mark"] = number
        yield kept(spelt(marked, rng), codes)


def streams():
    """Make every stream: its lines, its newline, and whether the last line has one."""
    rng = random.Random(20240610)  # noqa: S311 - the same choices every time
    legacy, current = legacy_events(), list(current_events())
    odd = [kept(raw, codes) for raw, codes in ODD]
    broken = [Line(raw, "rejected", (code,)) for raw, code in BROKEN]
    blank = [Line(raw, "blank") for raw in (b"", b"  ", b"\t", b"")]
    mixed = [*drawn(legacy, 180, rng), *drawn(current, 80, rng), *odd, *broken, *blank]
    rng.shuffle(mixed)
    mixed.append(odd[0])
    return {
        "legacy": (list(drawn(legacy, 150, rng)), b"\n", True),
        "current": (list(drawn(current, 100, rng)), b"\n", True),
        "mixed": (mixed, b"\n", False),
        "crlf": (
            [*drawn(legacy, 30, rng), *odd[:4], *blank[:2], *broken[1:4], *drawn(current, 10, rng)],
            b"\r\n",
            True,
        ),
        "broken": (broken, b"\n", True),
        "blank": (blank, b"\n", True),
        "odd": (odd, b"\n", False),
    }


def files():
    """Render every stream and its expectations, by path below `fixtures`."""
    rendered = {}
    for name, (lines, newline, ends) in streams().items():
        rendered[f"streams/{name}.ndjson"] = newline.join(line.raw for line in lines) + (newline if ends else b"")
        expected = []
        for number, line in enumerate(lines, 1):
            entry = {"line": number, "outcome": line.outcome, "codes": line.codes}
            if line.outcome == "upgraded":
                entry["event"] = line.event
            expected.append(json.dumps(entry, ensure_ascii=False) + "\n")
        rendered[f"streams/{name}.expected.ndjson"] = "".join(expected).encode()
    return rendered


if __name__ == "__main__":
    for path, content in files().items():
        (FIXTURES / path).parent.mkdir(exist_ok=True)
        (FIXTURES / path).write_bytes(content)
