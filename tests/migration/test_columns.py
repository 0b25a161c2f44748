"""A payload that is a member of a row is migrated in its place, and every other byte of the row stays."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrating import LEGACY, run
from strategies.legacy import legacy_events
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.columns import Column, encode_again, parse_column
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.upgrades.api import upgrade_json

EVENT = LEGACY % 7
ROWS = [
    ("rawDataCa", '{"rawDataCa": %s, "createdAt": "2024-06-10"}'),
    ("rawDataCa", ' { "n" : 1.10 , "rawDataCa":%s}\r'),
    ("row.body", '{"a":"{}","row":{"body":%s,"é":"\\u00e9\\/"}}'),
    ("/row/a.b", '{"row":{"x":[1,2],"a.b":%s}}'),
]


def encode_unusually(text, choose):
    """Return the token of a string in which each character is encoded in any of the ways that JSON has for it."""
    parts = []
    for character in text:
        plain = json.dumps(character, ensure_ascii=False)[1:-1]
        escaped = "".join(f"\\u{int.from_bytes(unit, 'big'):04X}" for unit in _units(character))
        ways = [plain, escaped, *(["\\/"] if character == "/" else [])]
        parts.append(ways[choose(len(ways))])
    return '"' + "".join(parts) + '"'


def _units(character):
    raw = character.encode("utf-16-be", "surrogatepass")
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


@pytest.mark.parametrize(("column", "row"), ROWS)
@pytest.mark.parametrize("kind", ["string", "object"])
def test_only_the_payload_changes(tmp_path, column, row, kind):
    """The payload is what `upgrade_json` makes of it, in a string or as an object, and the rest is byte for byte."""
    wrap = json.dumps if kind == "string" else str
    source = (row % wrap(EVENT.decode())).encode() + b"\n"
    summary, target, rejects, _ = run(tmp_path, source, column=column)
    assert (summary.upgraded, rejects) == (1, b"")
    assert target == (row % wrap(upgrade_json(EVENT).decode())).encode() + b"\n"
    again, unchanged, *_ = run(tmp_path, target, "again", column=column)
    assert (again.unchanged, unchanged) == (1, target)


@given(event=legacy_events(), data=st.data(), is_ascii=st.booleans())
def test_strings_keep_their_escapes(event, data, is_ascii):
    """A text in a string is the upgraded one, and each part that stays is encoded as it was, however that was."""
    old = json.dumps(event, ensure_ascii=is_ascii)
    new = upgrade_json(old.encode()).decode()
    usual = json.dumps(old).encode()
    assert encode_again(usual, old, new) == json.dumps(new).encode()
    rng = data.draw(st.randoms(use_true_random=False))
    token = encode_unusually(old, rng.randrange).encode()
    encoded = encode_again(token, old, new)
    assert json.loads(encoded) == new
    assert encode_again(token, old, old) == token
    assert encode_again(encoded, new, new) == encoded


def test_a_string_that_moves_keeps_its_escapes():
    """A value that moves to another place in the text is encoded as it was."""
    token = rb'"{\u0022event\u0022:\"a\/b\",\"k\":\"\u0041/\"}"'
    old = json.loads(token)
    new = '{"k":"A/","event_name":"a/b"}'
    assert encode_again(token, old, new) == rb'"{\"k\":\"\u0041/\",\"event_name\":\"a\/b\"}"'


@pytest.mark.parametrize("value", ["null", '""', '"  "'])
def test_rows_without_a_payload(tmp_path, value):
    """A row whose member is null or holds no text stays as it is, and is counted as blank."""
    source = b'{"p": %b}\n\n' % value.encode()
    summary, target, rejects, _ = run(tmp_path, source, column="p")
    assert (summary.blank, target, rejects) == (2, source, b"")


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        (b'{"q": {}}', "TC009", "the row has no member /p"),
        (b"[]", "TC009", "the row has no member /p"),
        (b'{"p": 1}', "TC009", "the member /p is neither an object nor a string"),
        (b'{"p": [{}]}', "TC009", "the member /p is neither an object nor a string"),
        (b'{"p": "{}", "p": "{}"}', "TC004", "duplicate key"),
        (b'{"p": "{}"', "TC001", ""),
        (b'{"p": "text"}', "TC001", ""),
        (b'{"p": "\\ud800"}', "TC005", ""),
    ],
)
def test_rejects(tmp_path, row, code, message):
    """A row without a payload, or that is broken, goes verbatim to the rejects, and the reason names the column."""
    summary, target, rejects, [reason] = run(tmp_path, row + b"\n", column="p")
    assert (summary.rejected, target, rejects) == (1, b"", row + b"\n")
    assert (reason["column"], reason["line"]) == ("/p", 1)
    assert reason["violations"][0]["code"] == code
    assert re.search(message, reason["violations"][0]["message"])


def test_a_value_that_stands_there_twice():
    """Of two members with the same bytes the one that is named is replaced."""
    row = b'{"a": {"x": 1}, "p": {"x": 1}}'
    place = Column(("p",), DEFAULT_LIMITS).find(row)
    assert place.replace(row, b"{}") == b'{"a": {"x": 1}, "p": {}}'


def test_names_of_columns(tmp_path):
    """A column is named as it is, with dots or as a JSON Pointer; an empty name is an error."""
    assert [parse_column(name) for name in ("a", "a.b", "/a.b/c~1d")] == [("a",), ("a", "b"), ("a.b", "c/d")]
    (tmp_path / "s").write_bytes(b"")
    for name in ("", "a..b", "/"):
        with pytest.raises(MigrationError, match="expected the name of a column"):
            migrate(str(tmp_path / "s"), str(tmp_path / "t"), column=name)


def test_workers(tmp_path):
    """With workers the result is the same."""
    rows = b"".join(b'{"p":%b,"n":%d}\n' % (json.dumps((LEGACY % n).decode()).encode(), n) for n in range(45))
    (tmp_path / "s").write_bytes(rows)
    for workers in (1, 2):
        migrate(str(tmp_path / "s"), str(tmp_path / f"t{workers}"), column="p", workers=workers, checkpoint_every=10)
    assert (tmp_path / "t1").read_bytes() == (tmp_path / "t2").read_bytes()
    assert (tmp_path / "t1").read_bytes().count(b'\\"event_id\\"') == 45
