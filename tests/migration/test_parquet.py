"""The payloads in a column of a Parquet file are migrated, and everything else in the file stays."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from command import program, tcspec
from locations import ROOT
from migrating import LEGACY, objects_of, reasons_of
from tcspec.files.lines import FileError
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration import opening
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.records import migrate_record

pa = pytest.importorskip("pyarrow", reason="needs tcspec[parquet]")
pq = pytest.importorskip("pyarrow.parquet")
parquet = pytest.importorskip("tcspec.migration.parquet")

ROWS = 500
EVENTS = [LEGACY % n if n % 7 else b"broken %d" % n for n in range(ROWS)]
EVENTS[1:4] = [None, b"", b' {"event_name":"login","context":{}} ']
TYPES = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "binary": pa.binary(),
    "large_binary": pa.large_binary(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "json": pa.json_() if hasattr(pa, "json_") else pa.string(),
}


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 64)


def payloads(type_=None, events=EVENTS):
    """Return events as a column."""
    column = pa.array(events, pa.binary())
    if isinstance(type_, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(type_, column.cast(type_.storage_type))
    if type_ is not None and pa.types.is_dictionary(type_):
        return column.cast(pa.string()).dictionary_encode()
    return column.cast(type_ or pa.string())


def build_table(column):
    """Return a table with a column of payloads among others."""
    rows = range(len(column))
    return pa.table(
        {
            "id": pa.array(rows, pa.uint32()),
            "raw": column,
            "at": pa.array([n * 1_000_000_000 for n in rows], pa.timestamp("ns", "Europe/Paris")),
            "price": pa.array([None if n % 5 == 0 else n for n in rows], pa.decimal128(20, 3)),
            "tags": pa.array([[{"a": n, "b": [str(n)]}] if n % 3 else None for n in rows]),
        },
        schema=pa.schema(
            [
                pa.field("id", pa.uint32(), nullable=False),
                pa.field("raw", column.type, metadata={"why": "events"}),
                pa.field("at", pa.timestamp("ns", "Europe/Paris")),
                pa.field("price", pa.decimal128(20, 3)),
                pa.field("tags", pa.list_(pa.struct({"a": pa.int64(), "b": pa.list_(pa.string())}))),
            ],
            metadata={"owner": "shop"},
        ),
    )


def write(path, table=None, **options):
    """Write a table as a Parquet file, and return its path as text."""
    compression = {"id": "zstd", "raw": "gzip", "at": "snappy", "price": "none"}
    table = build_table(payloads()) if table is None else table
    pq.write_table(table, path, **{"row_group_size": 200, "compression": compression} | options)
    return str(path)


def describe(path):
    """Return what is not a value in a file: how each column is compressed, the version, metadata."""
    metadata = pq.ParquetFile(path).metadata
    columns = [metadata.row_group(0).column(i) for i in range(metadata.num_columns)]
    kept = {key: value for key, value in (metadata.metadata or {}).items() if key != b"ARROW:schema"}
    return (
        [(each.path_in_schema, each.compression, each.physical_type) for each in columns],
        metadata.format_version,
        kept,
        b"ARROW:schema" in (metadata.metadata or {}),
    )


@pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
def test_only_the_payloads_change(tmp_path, type_):
    """Rows, other columns, schema, metadata, compression and row groups stay; rejected rows are in an equal file."""
    table = build_table(payloads(type_))
    source, target = write(tmp_path / "a.parquet", table), tmp_path / "b.parquet"
    summary = migrate(source, str(target), column="raw")
    outcomes = [migrate_record(event or b"", DEFAULT_LIMITS) for event in EVENTS]
    is_kept = [outcome.status != "rejected" for outcome in outcomes]
    values = [event and outcome.payload for event, outcome in zip(EVENTS, outcomes, strict=True)]
    kept = pq.read_table(target)
    kept.validate(full=True)
    assert kept.schema.equals(pq.read_table(source).schema, check_metadata=True)
    assert kept.drop_columns("raw").equals(table.filter(pa.array(is_kept)).drop_columns("raw"))
    found = kept["raw"].combine_chunks()
    storage = found.storage if isinstance(found, pa.ExtensionArray) else found
    texts = [each.encode() if isinstance(each, str) else each for each in storage.to_pylist()]
    assert texts == [value for value, keeps in zip(values, is_kept, strict=True) if keeps]
    rejects = tmp_path / "b.parquet.rejects.parquet"
    assert pq.read_table(rejects).equals(table.filter(pa.array([not each for each in is_kept])))
    assert describe(source) == describe(target) == describe(rejects)
    assert pq.ParquetFile(target).metadata.num_row_groups == 3
    reasons = objects_of(reasons_of(rejects))
    assert [each["row_group"] * 200 + each["row"] for each in reasons] == list(range(0, ROWS, 7))
    assert {each["column"] for each in reasons} == {"raw"}
    assert (summary.lines, summary.rejected, summary.blank) == (ROWS, len(reasons), 2)


@pytest.mark.parametrize(
    "options",
    [
        {"version": "1.0"},
        {"use_deprecated_int96_timestamps": True},
        {"store_schema": False},
        {"use_compliant_nested_type": False},
        {"use_compliant_nested_type": False, "store_schema": False},
    ],
)
def test_how_a_file_was_written(tmp_path, options):
    """An older version, times of 96 bits, other names of items and no schema of Arrow stay what they are."""
    source, target = write(tmp_path / "a.parquet", **options), tmp_path / "b.parquet"
    migrate(source, str(target), column="raw")
    assert describe(source) == describe(target)
    assert pq.read_table(target).schema.equals(pq.read_table(source).schema, check_metadata=True)


def test_metadata_of_other_programs(tmp_path):
    """The metadata of a file that was not written with Arrow, such as one of Spark, stays."""
    source, target = tmp_path / "a.parquet", tmp_path / "b.parquet"
    table = build_table(payloads())
    with pq.ParquetWriter(source, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"org.apache.spark.version": "4.0"})
    migrate(str(source), str(target), column="raw")
    assert describe(source) == describe(target)
    assert describe(target)[2] == {b"org.apache.spark.version": b"4.0"}


def test_rejects_are_migrated_again(tmp_path):
    """A file of rejects is a source; one that is named is a Parquet file even without any rows."""
    source, rejects = write(tmp_path / "a.parquet"), str(tmp_path / "r.parquet")
    migrate(source, str(tmp_path / "b.parquet"), column="raw", rejects=rejects)
    again = migrate(rejects, str(tmp_path / "c.parquet"), column="raw", dry_run=True)
    assert again.rejected == again.lines == pq.read_metadata(rejects).num_rows
    summary = migrate(
        str(tmp_path / "b.parquet"), str(tmp_path / "c.parquet"), column="raw", rejects=rejects, force=True
    )
    assert (summary.unchanged, pq.read_metadata(rejects).num_rows) == (summary.payloads, 0)
    assert pq.read_table(tmp_path / "c.parquet").equals(pq.read_table(tmp_path / "b.parquet"))


def test_a_file_without_rows(tmp_path):
    """A file without rows becomes one without rows."""
    table = build_table(payloads(events=[]))
    source, target = write(tmp_path / "a.parquet", table), tmp_path / "b.parquet"
    assert migrate(source, str(target), column="raw").lines == 0
    assert pq.read_table(target).equals(table)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("other", "has no column named other; its columns are id, raw, at, price, tags"),
        ("price", r"has decimal128\(20, 3\) in its column price; expected JSON text"),
        (None, "is a Parquet file, which needs --column NAME; its columns are id, raw"),
    ],
)
def test_columns_that_are_refused(tmp_path, column, message):
    """A column that is missing, not named or holds something else is an error, and nothing is written."""
    source = write(tmp_path / "a.parquet")
    with pytest.raises(FileError, match=message):
        migrate(source, str(tmp_path / "b.parquet"), column=column)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_column_that_is_there_twice(tmp_path):
    """A name that two columns have is refused."""
    table = pa.table([payloads(), payloads()], names=["raw", "raw"])
    with pytest.raises(FileError, match="has several columns named raw"):
        migrate(write(tmp_path / "a.parquet", table, compression="none"), str(tmp_path / "b.parquet"), column="raw")


def damage(path, offset):
    """Change some bytes of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * 40)


def test_a_damaged_row_group(tmp_path):
    """A row group that cannot be read is an error that names it; no file appears, and nothing is left."""
    source = tmp_path / "a.parquet"
    write(source, write_page_checksum=True)
    damage(source, pq.ParquetFile(source).metadata.row_group(1).column(1).dictionary_page_offset + 60)
    with pytest.raises(FileError, match=r"a.parquet: row group 1 cannot be read behind row 0 \("):
        migrate(str(source), str(tmp_path / "b.parquet"), column="raw")
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_file_that_is_cut_off(tmp_path):
    """A file without its end, where the schema is, is an error."""
    source = tmp_path / "a.parquet"
    write(source)
    source.write_bytes(source.read_bytes()[:-100])
    with pytest.raises(FileError, match="is no whole Parquet file"):
        migrate(str(source), str(tmp_path / "b.parquet"), column="raw")


def test_names(tmp_path):
    """A target that is not named as what it would hold is refused, and so are rejects."""
    source = write(tmp_path / "a.parquet")
    for target, rejects in (("b.ndjson", None), ("b.parquet.gz", None), ("b.parquet", "r.ndjson")):
        with pytest.raises(FileError, match=r"would hold Parquet, as the source; name it \.parquet"):
            migrate(source, str(tmp_path / target), rejects=rejects, column="raw")


def test_a_folder_is_resumed_by_file(tmp_path, monkeypatch):
    """Of a folder each Parquet file is migrated; an interrupted run goes on with the files that are left."""
    folder = tmp_path / "in"
    (folder / "day=1").mkdir(parents=True)
    for name in ("part-0.snappy.parquet", "day=1/part-1.snappy.parquet", "part-2.snappy.parquet"):
        write(folder / name, build_table(payloads(events=EVENTS[:50])), compression="snappy")
    (folder / "_SUCCESS").touch()
    expected = tmp_path / "expected"
    command = ("migrate", folder, "--column", "raw", "--fail-on", "never")
    run = tcspec(*command[:2], expected, *command[2:])
    assert (run.code, "Not migrated, because not named .ndjson" in run.err) == (0, True)

    def write_block(sink, block, outcomes):
        if "part-2" in sink.source.path:
            raise KeyboardInterrupt
        original(sink, block, outcomes)

    original = parquet.ParquetSink.write
    with monkeypatch.context() as patched:
        patched.setattr(parquet.ParquetSink, "write", write_block)
        interrupted = tcspec(*command[:2], tmp_path / "out", *command[2:])
    assert "interrupted; the same command with --resume goes on" in interrupted.err
    assert tcspec(*command[:2], tmp_path / "out", *command[2:], "--resume").code == 0
    found = {path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.parquet")}
    assert found == {path.relative_to(expected): path.read_bytes() for path in expected.rglob("*.parquet")}
    assert len(found) == 3


def test_streams(tmp_path):
    """A Parquet file can be written to a pipe; then rejects need a file."""
    source = write(tmp_path / "a.parquet")
    migrate(source, str(tmp_path / "b.parquet"), column="raw")
    run = tcspec("migrate", source, "-", "--column", "raw")
    assert "row 0 of row group 0 is rejected (TC001) and has no place; name one with --rejects FILE" in run.err
    command = ("migrate", source, "-", "--column", "raw", "--rejects", tmp_path / "r.parquet")
    with (tmp_path / "o").open("wb") as output:
        done = program(*command, stdout=output)
    assert (done.code, (tmp_path / "o").read_bytes()) == (1, (tmp_path / "b.parquet").read_bytes())


def test_compressed_and_from_a_pipe(tmp_path):
    """A Parquet file that is compressed as a whole, or comes from a pipe, is an error that says what to do."""
    source = Path(write(tmp_path / "a.parquet"))
    compressed, pipe, target = tmp_path / "b.parquet.gz", tmp_path / "pipe.parquet", tmp_path / "t.parquet"
    compressed.write_bytes(gzip.compress(source.read_bytes()))
    with pytest.raises(
        FileError, match=r"b\.parquet\.gz: is a Parquet file, compressed as a whole; decompress it first$"
    ):
        migrate(str(compressed), str(target), column="raw")
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(source.read_bytes()))
    writer.start()
    with pytest.raises(FileError, match="is a Parquet file, which is not read from a pipe; save it as a file first"):
        migrate(str(pipe), str(target), column="raw")
    writer.join()
    piped = subprocess.run(
        [sys.executable, "-m", "tcspec", "migrate", "-", target, "--column", "raw"],
        input=source.read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert (piped.returncode, b"standard input: is a Parquet file, which is not read from a pipe" in piped.stderr) == (
        2,
        True,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet.gz", "pipe.parquet"]


@pytest.mark.parametrize("type_", [pa.null(), pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_columns_without_a_value(tmp_path, type_):
    """A column in which every value is null has no payload, whatever its type; its rows are blank, and stay."""
    table = pa.table({"raw": pa.nulls(3, type_), "other": pa.nulls(3), "id": [1, 2, 3]})
    pq.write_table(table, tmp_path / "a.parquet")
    summary = migrate(str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet"), column="raw")
    assert (summary.lines, summary.blank) == (3, 3)
    assert pq.read_table(tmp_path / "b.parquet").equals(table)


def test_a_full_disk(tmp_path):
    """A target that cannot be written to its end is an error that names it, and one error only."""
    source, target = write(tmp_path / "a.parquet"), tmp_path / "b.parquet"
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000));"
        "from tcspec.migration.engine import migrate; migrate(*__import__('sys').argv[1:3], column='raw')"
    )
    run = subprocess.run(
        [sys.executable, "-B", "-c", code, source, target], capture_output=True, check=False, text=True
    )
    assert re.fullmatch(rf"tcspec.files.lines.FileError: {target}.*: File too large", run.stderr.splitlines()[-1])
    assert "Exception ignored" not in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_without_pyarrow(tmp_path, monkeypatch):
    """Without pyarrow the error says what to install."""
    source = write(tmp_path / "a.parquet")

    def refuse(_):
        raise ImportError

    monkeypatch.setattr(opening, "import_module", refuse)
    with pytest.raises(MigrationError, match=r"Parquet needs pyarrow; install tcspec\[parquet\]"):
        migrate(source, str(tmp_path / "b.parquet"), column="raw")


def test_the_command_of_the_readme(tmp_path, monkeypatch):
    """The command of the README for Parquet runs as it is written."""
    monkeypatch.chdir(tmp_path)
    [command] = re.findall(
        r"^\$ (tcspec migrate .*\.parquet.*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    events = [json.dumps({"event": "login", "properties": {"n": n}}) for n in range(3)]
    pq.write_table(pa.table({"rawDataCa": events, "createdAt": ["today"] * 3}), "stored.parquet")
    run = tcspec(*shlex.split(command)[1:])
    assert (run.code, "3 rows: 3 upgraded" in run.err) == (1, True), run.err
    assert pq.read_table("upgraded.parquet")["rawDataCa"][1].as_py() == '{"event_name":"login","n":1,"context":{}}'
