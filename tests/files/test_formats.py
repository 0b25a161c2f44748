"""What a file is by its first bytes: read, or reported in one sentence."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
import sqlite3
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from tcspec.files.documents import Document, iter_contents
from tcspec.files.formats import explain_container, explain_lines, explain_path, explain_suffix, mask_path
from tcspec.files.lines import FileError, open_source
from tcspec.files.remote import is_remote
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.engine import migrate

EVENT = {"event": "login", "event_id": "1", "event_timestamp": 1718006400000, "properties": {"user": {"id": "c"}}}
LINE = json.dumps(EVENT).encode()


def zipped(*names):
    """Return an archive with members of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, LINE)
    return buffer.getvalue()


def tarred():
    """Return a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("events.ndjson")
        member.size = len(LINE)
        archive.addfile(member, io.BytesIO(LINE))
    return buffer.getvalue()


def database():
    """Return a database."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table events (raw text)")
        return connection.serialize()


FOREIGN = [
    (bz2.compress(LINE), "compressed with bzip2"),
    (lzma.compress(LINE), "compressed with xz"),
    (b"\x04\x22\x4d\x18\x64\x40\xa7", "compressed with lz4"),
    *((zlib.compress(LINE, level), "compressed with zlib") for level in (1, 6, 9)),
    (b"PAR1\x15\x04\x15\x10", "a Parquet file"),
    (b"Obj\x01\x04\x16avro.schema", "an Avro file"),
    (b"ARROW1\x00\x00\xff", "an Arrow file"),
    (b"FEA1\x00\x00", "an Arrow file"),
    (b"ORC\x08\x03", "an ORC file"),
    (b"\xd4\xc3\xb2\xa1\x02\x00", "a capture of packets"),
    (b"\n\r\r\n\x1c\x00\x00\x00", "a capture of packets"),
    (b"PGDMP\x01\x0e\x00", "a dump of PostgreSQL"),
    (zipped("events.ndjson"), "a zip archive"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), "a spreadsheet (xlsx)"),
    (tarred(), "a tar archive"),
    (database(), "an SQLite database"),
    (LINE.decode().encode("utf-16"), "UTF-16"),
    (LINE.decode().encode("utf-16-le"), "UTF-16"),
    (LINE.decode().encode("utf-16-be"), "UTF-16"),
    ("POST /".encode("utf-16-le"), "UTF-16"),
    ("https:".encode("utf-16-be"), "UTF-16"),
    ("\n{".encode("utf-16-le"), "UTF-16"),
    ('["a"]'.encode("utf-16-le"), "UTF-16"),
    (LINE.decode().encode("utf-32"), "UTF-32"),
    (LINE.decode().encode("utf-32-le"), "UTF-32"),
    (LINE.decode().encode("utf-32-be"), "UTF-32"),
]
IDS = [f"{number} {name}" for number, (_, name) in enumerate(FOREIGN)]


@pytest.mark.parametrize("suffix", ["", ".json", ".ndjson", ".http", ".har"])
@pytest.mark.parametrize(("raw", "name"), FOREIGN, ids=IDS)
def test_containers(tmp_path, raw, name, suffix):
    """A container or another encoding is recognised by its first bytes, whatever its name, compressed or not."""
    for content in (raw, gzip.compress(raw)):
        path = tmp_path / f"events{suffix}"
        path.write_bytes(content)
        with pytest.raises(FileError, match="which is not read; ") as error, open_source(str(path)):
            pass
        assert f"is {name}, " in str(error.value)
        # Captured requests have no size, and so `size` refuses them before it looks into them.
        for command in ("check", "validate", *(() if suffix in {".http", ".har"} else ("size",))):
            ran = tcspec(command, str(path))
            assert (ran.code, name in ran.err) == (2, True)
    ran = tcspec("check", "-", stdin=raw)
    assert (ran.code, f": is {name}" in ran.err) == (2, True)


@pytest.mark.parametrize(("raw", "name"), FOREIGN, ids=IDS)
def test_containers_are_not_migrated(tmp_path, raw, name):
    """No line of a container is rejected: it is reported, and nothing is written. Parquet becomes no file of lines."""
    source = tmp_path / "s.ndjson"
    source.write_bytes(raw)
    reason = "would hold Parquet" if raw.startswith(b"PAR1") else f"is {name}, which is not read"
    with pytest.raises(FileError, match=re.escape(reason)):
        migrate(str(source), str(tmp_path / "t.ndjson"))
    assert list(tmp_path.iterdir()) == [source]


@given(st.recursive(st.none() | st.text() | st.integers(), lambda each: st.dictionaries(st.text(), each), max_leaves=5))
def test_json_is_no_container(value):
    """No JSON text, and no query, is taken for a container or a table."""
    for raw in (json.dumps(value).encode(), json.dumps(value, ensure_ascii=False, indent=1).encode()):
        assert explain_container(raw) is None
    line = json.dumps({"a": value}).encode()
    assert explain_lines(line + b"\n" + line) is None


@pytest.mark.parametrize("first", [LINE[:-1], LINE[:20], b'{"user":{"id":"1"},', b"{"])
def test_a_line_that_is_cut_off(first):
    """A line that is cut off is one of many, and its file has lines."""
    assert explain_lines(first + b"\n" + LINE + b"\n") is None


@pytest.mark.parametrize(
    "prefix", [b"k%d\t", b'"k%d"\t', b"\x1e", b"2024-06-10T08:00:0%dZ INFO ", b"[%d] ", "\ufeff".encode(), b"data: "]
)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\n\n"])
def test_lines_behind_something_else(tmp_path, prefix, ending):
    """Lines of which each has its event behind a key or a time are no rejects: the error says how to cut that off."""
    lines = [(prefix % number if b"%" in prefix else prefix) + LINE for number in range(3)]
    source, target = tmp_path / "s.ndjson", tmp_path / "t.ndjson"
    for content in (ending.join(lines), ending.join(lines) + ending, ending.join(lines * 2_000)):
        source.write_bytes(content)
        with pytest.raises(
            FileError, match=r"has something before the JSON text of each line; cut it off first: sed 's/"
        ):
            migrate(str(source), str(target))
        source.write_bytes(re.sub(rb"(?m)^[^{\n]*", b"", content))
        assert migrate(str(source), str(target), force=True).rejected == 0
    source.write_bytes(b"\n".join([LINE, *lines]))
    assert migrate(str(source), str(target), force=True).rejected == 3


@pytest.mark.parametrize("query", [b"PAR1=1&a=b", b"BZh9=1", b"ustar=1", b"PGDMP=2", b"Rar!=x", b"GET /a,b HTTP/1.1"])
def test_queries_are_no_containers(query):
    """A query or request that begins with the letters of a container is none."""
    assert explain_container(query) is None
    assert explain_lines(query + b"\n" + query) is None


def test_gzip_without_its_suffix(tmp_path):
    """Compressed data is read whatever the name, and on standard input; what is compressed twice is reported."""
    raw = gzip.compress(LINE + b"\n" + LINE)
    for name in ("a", "a.ndjson", "a.ndjson.gz"):
        path = tmp_path / name
        path.write_bytes(raw)
        contents = iter_contents(str(path), DEFAULT_LIMITS)
        assert [each.raw for each in contents if isinstance(each, Document)] == [LINE, LINE]
        assert migrate(str(path), str(tmp_path / "t"), force=True).upgraded == 2
    assert tcspec("check", "-", stdin=raw).out == tcspec("check", "-", stdin=gzip.decompress(raw)).out
    path.write_bytes(gzip.compress(raw))
    ran = tcspec("check", str(path))
    assert (ran.code, "is compressed twice; decompress it once: gzip -dc" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["a", "a.json"])
def test_a_compressed_file_stays_compressed(tmp_path, name):
    """A file that is compressed, whatever its name, is compressed when a command replaces it."""
    path = tmp_path / name
    path.write_bytes(gzip.compress(LINE))
    assert tcspec("upgrade", "--write", str(path)).code == 0
    assert b"event_name" in gzip.decompress(path.read_bytes())
    fixable = b'{"event_name":"login","user":{"id":"c"},"context":{"event_id":"1","event_timestamp":1718006400}}'
    path.write_bytes(gzip.compress(fixable))
    assert tcspec("fix", str(path)).code == 0
    assert gzip.decompress(path.read_bytes()) == fixable.replace(b"1718006400", b"1718006400000")


PRETTY = json.dumps(EVENT, indent=2).encode()
NOT_LINES = [
    (LINE + LINE + b"\n" + LINE, "has several JSON texts on one line"),
    (LINE + b" " + LINE, "has several JSON texts on one line"),
    (LINE + b"\t" + LINE + b"\r\n", "has several JSON texts on one line"),
    (LINE + b"\r" + LINE, "has lines that end with a carriage return only"),
    (LINE + b"\r" + LINE + b"\r" + LINE + b"\r", "has lines that end with a carriage return only"),
    (LINE + b"\r" + LINE + b"\r\n", "has lines that end with a carriage return only"),
    (b"?tc_s=1&event_name=x\rtc_s=1&event_name=y\r", "has lines that end with a carriage return only"),
    (b"HTTPS://collect.example/events?tc_s=1\r\r# more\r", "has lines that end with a carriage return only"),
    (PRETTY, "has a JSON text over several lines"),
    (b"\xef\xbb\xbf" + PRETTY, "has a JSON text over several lines"),
    (PRETTY.replace(b"\n", b"\r\n") + b"\r\n" + PRETTY, "has a JSON text over several lines"),
    (json.dumps({"k": "x" * 100_000, **EVENT}, indent=1).encode(), "has a JSON text over several lines"),
    (b'{"k": "' + b"x" * 5_000 + b'",\n "l": "' + b"x" * 70_000 + b'"}', "has a JSON text over several lines"),
    (b'{"user": {\r\n  "id": "1"', "has a JSON text over several lines"),
    (json.dumps([EVENT, EVENT]).encode(), "is an array of events"),
    (json.dumps([EVENT] * 2, indent=1).encode(), "is an array of events"),
    (b"[" + LINE + b",\n" + LINE + b"]", "is an array of events"),
    (b"[" + b",".join([LINE] * 2000) + b"]", "is an array of events"),
    (LINE + b",\n" + LINE + b",\n", "has a comma after each JSON text"),
    (LINE + b" ,\r\n" + LINE + b",\r\n" + LINE, "has a comma after each JSON text"),
    (b'created_at,raw\n2024-06-10,"{""event"":""login""}"\n', "is a table (CSV)"),
    (b'"id";"raw"\r\n1;"{""event"":1}"\r\n', "is a table (CSV)"),
    (b"id\traw\n1\t{}\n", "is a table (CSV)"),
    (b'SEP=;\r\nid;raw\r\n1;"{""event"":1}"\r\n', "is a table (CSV)"),
    (b"sep=\t\n\xe9\tb\n1\t2\n", "is a table (CSV)"),
    (b'raw\r\n"{""event"":1}"\r\n', "is a table (CSV)"),
    ('"Charge (utile)";"Événement #"\n"{ ""event"":1}";1\n'.encode(), "is a table (CSV)"),
]


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(("raw", "sentence"), NOT_LINES, ids=[f"{n} {each[1]}" for n, each in enumerate(NOT_LINES)])
def test_files_without_lines(tmp_path, raw, sentence, suffix):
    """A file that does not have one JSON text a line is reported once, and none of its lines is rejected."""
    path = tmp_path / f"s.ndjson{suffix}"
    path.write_bytes(gzip.compress(raw) if suffix else raw)
    # An array is migrated item by item.
    for command in ("check", "size", "fix", *(() if "array" in sentence else ("migrate",))):
        ran = tcspec(command, str(path), *([str(tmp_path / "t")] if command == "migrate" else []))
        assert (ran.code, ran.err.count(sentence)) == (2, 1), (command, ran.err)
        assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("command", ["check", "validate", "size", "fix", "upgrade"])
@pytest.mark.parametrize("raw", [raw for raw, sentence in NOT_LINES if "table" in sentence])
def test_tables_of_other_names(tmp_path, raw, command):
    """A table is reported as one where one JSON document is expected, too."""
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    ran = tcspec(command, str(path))
    assert (ran.code, ran.err.count("is a table (CSV)")) == (2, 1)


@pytest.mark.parametrize(("name", "method"), [("a.json.gz", "gzip"), ("a.ndjson.zst", "zstd")])
def test_names_of_compressed_files(tmp_path, name, method):
    """A file that is not compressed, although its name says so, is reported, and none of it is printed."""
    path = tmp_path / name
    path.write_bytes(LINE)
    for arguments in (("check", path), ("migrate", path, tmp_path / "t")):
        ran = tcspec(*arguments)
        assert (ran.code, f"is not compressed with {method}, as its name says" in ran.err) == (2, True)
        assert "event" not in ran.err


@pytest.mark.parametrize(
    "first",
    [
        b'{"event":',
        b'{"a":1',
        b"{",
        b"[]",
        b"[1,",
        b"broken",
        b"broken, line",
        b'{"a":1},',
        b'{"a":1} x',
        b"}",
        b"\xff",
    ],
)
def test_a_broken_first_line_is_one_line(tmp_path, first):
    """A first line that is broken is rejected, and every other line is migrated."""
    source = tmp_path / "s.ndjson"
    source.write_bytes(first + b"\n" + LINE + b"\n" + LINE)
    summary = migrate(str(source), str(tmp_path / "t"))
    assert (summary.rejected, summary.upgraded) == (1, 2)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@host/db",
        "postgresql+psycopg://u:secret@h/d",
        "s3://secret/a",
        "https://u:secret@h/a?k=secret",
        "gs://secret/b",
    ],
)
def test_urls(tmp_path, monkeypatch, url):
    """A URL is recognised wherever a file is asked for, nothing behind its scheme is printed, and nothing is left."""
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "s.ndjson"
    source.write_bytes(LINE)
    # Of a store that fsspec knows they are read and written.
    migrations = () if is_remote(url) else (("migrate", url, "t"), ("migrate", str(source), url))
    for arguments in (
        ("check", url), ("size", url), ("fix", url), ("upgrade", url), *migrations,
        ("migrate", str(source), "-", "--rejects", url), ("migrate", str(source), "-", "--report", url),
    ):  # fmt: skip
        ran = tcspec(*arguments)
        assert ran.code == 2, arguments
        assert "only files and standard streams are supported" in ran.err, arguments
        assert "secret" not in ran.err, arguments
        assert [path.name for path in tmp_path.iterdir()] == ["s.ndjson"], arguments
    assert explain_path("C:/a") is explain_path("a.json") is explain_path("-") is None
    assert mask_path("a.json") == "a.json"


@pytest.mark.parametrize(
    "name", ["t.zstd", "t.ndjson.zstd", "T.ZSTD", "t.bz2", "t.parquet", "t.sqlite", "t.csv", "t.xlsx", "t.csv.gz"]
)
def test_names_that_promise_something_else(tmp_path, name):
    """No file is written whose name says that it is something else."""
    source = tmp_path / "s.ndjson"
    source.write_bytes(LINE)
    for arguments in ((name,), ("t", "--rejects", name)):
        ran = tcspec("migrate", str(source), *(str(tmp_path / each) if each == name else each for each in arguments))
        assert (ran.code, "name it .ndjson, .ndjson.gz or .ndjson.zst" in ran.err) == (2, True)
    assert list(tmp_path.iterdir()) == [source]
    assert (
        explain_suffix("t.ndjson")
        is explain_suffix("t.gz")
        is explain_suffix("t.ndjson.zst")
        is explain_suffix("archive")
        is None
    )
