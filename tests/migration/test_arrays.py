"""A JSON array of events is migrated item by item, and everything between the items stays byte for byte."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from migrating import LEGACY, interrupted, objects_of, reasons_of
from tcspec.files.compression import by_name, compress
from tcspec.files.lines import FileError, Source
from tcspec.jsontext.reader import Limits
from tcspec.migration import arrays
from tcspec.migration.arrays import ArraySource
from tcspec.migration.engine import migrate
from tcspec.upgrades.api import upgrade_json

SPACES = st.text(alphabet=" \t\r\n", max_size=3)
VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='a"\\[]{},:é', max_size=6),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(alphabet='a"]', max_size=2), each, max_size=3),
    max_leaves=8,
)


def read(data, longest=1000, every=3):
    """Return the blocks of an array."""
    return list(ArraySource("a.json", Source("a.json", io.BytesIO(data)), longest, every).iter_blocks())


def pretty(count):
    """Return an indented array of legacy events, with an item that is rejected at the start and in the middle."""
    items = [LEGACY % number for number in range(count)]
    items[0] = items[count // 2] = b"[1,\n 2]"
    return b"\xef\xbb\xbf[\n  " + b" ,\n\t".join(items) + b"\r\n]\n\n"


def migrate_array(folder, data, name="a.json", **options):
    """Migrate an array in a folder, with a checkpoint every ten items; return the summary and every file."""
    (folder / name).write_bytes(b"".join(compress([data], by_name(name))))
    target = folder / name.replace("a.", "b.")
    summary = migrate(str(folder / name), str(target), **{"checkpoint_every": 10} | options)
    return summary, {path.name: path.read_bytes() for path in folder.iterdir()}


@given(values=st.lists(VALUES, max_size=8), data=st.data(), size=st.integers(1, 40))
def test_every_byte_belongs_to_an_item_or_stands_between_two(values, data, size):
    """Whatever the items, the white space and the chunks that are read, the items are those of the JSON array."""

    def space():
        return data.draw(SPACES)

    texts = [space() + json.dumps(value, ensure_ascii=data.draw(st.booleans())) + space() for value in values]
    raw = (space() + "[" + space() + ",".join(texts) + "]" + space()).encode()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arrays, "_BLOCK", size)
        blocks = read(raw)
    items = [item for block in blocks for item in block.items]
    assert list(map(json.loads, items)) == values
    pairs = [(lead, item) for block in blocks for lead, item in zip(block.leads, block.items, strict=True)]
    assert b"".join(lead + item for lead, item in pairs) + b"".join(block.tail for block in blocks) == raw
    assert sum(block.size for block in blocks) == len(raw)
    assert [block.number + len(block.items) for block in blocks if block.ends_part] == list(
        range(3, len(values) + 1, 3)
    )


def test_only_the_events_change(tmp_path):
    """An array stays as it is around its events; rejected items go with their commas, and are an array too."""
    data = pretty(7)
    summary, files = migrate_array(tmp_path, data)
    items = [upgrade_json(LEGACY % number) for number in (1, 2, 4, 5, 6)]
    assert files["b.json"] == b"\xef\xbb\xbf[\n  " + b" ,\n\t".join(items) + b"\r\n]\n\n"
    assert files["b.json.rejects.json"] == b"[\n[1,\n 2],\n[1,\n 2]\n]\n"
    reasons = objects_of(reasons_of(tmp_path / "b.json.rejects.json"))
    for each in reasons:
        assert data[each["offset"] :].startswith(b"[1,\n 2]")
    assert [each["item"] for each in reasons] == [1, 4]
    assert (summary.upgraded, summary.rejected, summary.unit) == (5, 2, "item")


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.json.zst"])
@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_resuming(tmp_path, name, after):
    """An array whose migration is interrupted and resumed has the same files, compressed or not."""
    (tmp_path / "whole").mkdir()
    (tmp_path / "interrupted").mkdir()
    data = pretty(33)
    _, expected = migrate_array(tmp_path / "whole", data, name)
    with interrupted(after):
        migrate_array(tmp_path / "interrupted", data, name)
    target = name.replace("a.", "b.")
    migrate(*(str(tmp_path / "interrupted" / each) for each in (name, target)), resume=True, checkpoint_every=10)
    found = {path.name: path.read_bytes() for path in (tmp_path / "interrupted").iterdir()}
    assert found.keys() == expected.keys()
    assert all(found[each] == expected[each] for each in found if "reasons" not in each)


@pytest.mark.parametrize(
    ("data", "kept"),
    [(b"[]", b"[]"), (b" [ \n] ", b" [ \n] "), (b"[{},]", b"[{}]"), (b"[{}, nul, 2 ]", b"[{}]")],
)
def test_few_items(tmp_path, data, kept):
    """An empty array stays as it is; a comma too many and a broken value are rejected items."""
    assert migrate_array(tmp_path, data)[1]["b.json"] == kept


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"a": 1}', "expected a comma or a closing bracket, at byte 10"),
        (b'[{"a": 1}, {"b": "x', "it ends within an item, at byte 20"),
        (b'[{"a": 1} {"b": 2}]', "expected a comma or a closing bracket, at byte 11"),
        (b'[{"a": 1}]\n{"b": 2}\n', "has something behind its JSON array; expected one array.*, at byte 12"),
        (b'[{"a": 1},' + b" " * 70_000 + b"2]", "more than 1,000 bytes of white space between two items"),
        (b'[{"a": 1}, "' + b"x" * 3000, "it ends within an item"),
    ],
)
def test_an_array_that_is_broken(tmp_path, data, message):
    """An array that is cut off, has no comma or something behind it is an error with the offset; no file appears."""
    with pytest.raises(FileError, match=message):
        migrate_array(tmp_path, data, limits=Limits(length=1000))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_an_item_that_is_too_long(tmp_path):
    """An item beyond the limit is rejected verbatim, whatever is in it, and the items around it are migrated."""
    long = b'{"a": "' + b'\\"]},' * 60_000 + b'"}'
    longer = b'{"a": ["' + b"\\\\" * 150 + b'"]}'
    events = [LEGACY % number for number in range(3)]
    data = b"[" + b",".join([events[0], long, events[1], longer, events[2]]) + b"]"
    summary, files = migrate_array(tmp_path, data, limits=Limits(length=300))
    assert files["b.json"] == b"[" + b",".join(map(upgrade_json, events)) + b"]"
    assert files["b.json.rejects.json"] == b"[\n" + long + b",\n" + longer + b"\n]\n"
    assert [each["length"] for each in objects_of(reasons_of(tmp_path / "b.json.rejects.json"))] == [
        len(long),
        len(longer),
    ]
    assert (summary.codes["TC007"], summary.bytes_read) == (2, len(data))


def test_rows_in_an_array(tmp_path):
    """With a column the payload is a member of each item, and the rest of the item stays."""
    rows = b'[ {"id": 1, "raw": "{\\"event\\": \\"login\\"}"},\n {"id": 2}, {"id": 3, "raw": null} ]'
    _, files = migrate_array(tmp_path, rows, column="raw")
    assert files["b.json"] == (
        b'[ {"id": 1, "raw": "{\\"event_name\\":\\"login\\",\\"context\\":{}}"}, {"id": 3, "raw": null} ]'
    )
    [reason] = objects_of(reasons_of(tmp_path / "b.json.rejects.json"))
    assert (reason["item"], reason["column"]) == (2, "/raw")


def test_the_command_line(tmp_path, monkeypatch):
    """An array on standard input is migrated too, and the summary counts items."""
    monkeypatch.chdir(tmp_path)
    run = tcspec("migrate", "-", "-", "--rejects", "r.json", "--fail-on", "never", stdin=b"[" + LEGACY % 1 + b", 2]")
    assert (run.code, run.out) == (0, "[" + upgrade_json(LEGACY % 1).decode() + "]")
    assert (tmp_path / "r.json").read_bytes() == b"[\n2\n]\n"
    assert "2 items: 1 upgraded, 1 rejected" in tcspec("migrate", "-", "b.json", stdin=b"[" + LEGACY % 1 + b", 2]").err
    refused = tcspec("migrate", "-", "-", stdin=b"[{}, 2]")
    assert "item 2 is rejected (TC009) and has no place" in refused.err


def test_a_long_item_behind_a_reject(tmp_path):
    """Of an item that is too long every byte is in the rejects, at its own place."""
    items = [b"[0]", b"[1]", b'{"a": "%b"}' % (b"x" * 200_000), b"[2]"]
    _, files = migrate_array(tmp_path, b"[%b]" % b",".join(items), limits=Limits(20, 1_000))
    assert files["b.json.rejects.json"] == b"[\n" + b",\n".join(items) + b"\n]\n"
