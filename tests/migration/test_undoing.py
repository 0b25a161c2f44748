"""A migration of a file is undone: by a journal byte for byte, or by what can be made again."""

from __future__ import annotations

import gzip
import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from command import tcspec
from migrating import LEGACY, interrupted, interrupted_folder, legacy_lines
from strategies.documents import hostile_documents
from tcspec.files.formats import explain_container, explain_lines
from tcspec.jsontext.reader import Limits
from tcspec.migration import undoing
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.undoing import remove_outputs, restore_source
from tcspec.migration.working_folder import WorkingFolder

EVENTS = [
    LEGACY % 1,
    LEGACY % 2 + b"\r",
    b"",
    b'{"event_name":"x","context":{}}',
    b'{ "event" : "login", "properties":{}}',
]
lines = st.sampled_from([*EVENTS, b"broken", b"x" * 3_000]) | hostile_documents.filter(lambda text: b"\n" not in text)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@given(
    source=st.lists(lines, max_size=10),
    is_cut_off=st.booleans(),
    options=st.sampled_from([{}, {"where_event": ["login"]}, {"on_invalid": "reject"}, {"checkpoint_every": 2}]),
    suffix=st.sampled_from(["", ".gz"]),
)
def test_the_source_is_restored_byte_for_byte(tmp_path_factory, source, is_cut_off, options, suffix):
    """Whatever lines a source has, and whatever became of them, target and journal give the same bytes."""
    folder = tmp_path_factory.mktemp("undo")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        content = b"\n".join(source) + b"\n" * (not is_cut_off)
        assume(not explain_container(content) and not explain_lines(content))  # it is refused
        Path("s").write_bytes(content)
        before = migrate("s", f"t{suffix}", journal=f"j{suffix}", **options)
        Path("s").unlink()
        assert restore_source("s", f"t{suffix}", f"j{suffix}").lines == before.lines
        assert Path("s").read_bytes() == content


@given(
    items=st.lists(st.sampled_from([*EVENTS[:1], EVENTS[3], EVENTS[4], b"broken", b"", b'"%b"' % (b"x" * 3_000)])),
    spaces=st.lists(st.sampled_from([b"", b" ", b"\n  "]), min_size=3, max_size=3),
    options=st.sampled_from([{}, {"where_event": ["login"]}, {"checkpoint_every": 2}, {"limits": Limits(20, 1_000)}]),
)
def test_arrays(tmp_path_factory, items, spaces, options):
    """Whatever items an array has and what stands between them, target and journal give the same bytes."""
    folder = tmp_path_factory.mktemp("undo")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        first, between, last = spaces
        content = b"[%b%b%b]\n \n" % (first, (b"," + between).join(items), last)
        Path("s.json").write_bytes(content)
        before = migrate("s.json", "t.json", journal="j.gz", **options)
        Path("s.json").unlink()
        restored = restore_source("s.json", "t.json", "j.gz")
        assert (Path("s.json").read_bytes(), restored.lines, restored.unit) == (content, before.lines, "item")


@pytest.fixture
def folder():
    """Write a folder of files, and return what is in it."""
    for name, data in {
        "in/a.ndjson": legacy_lines(3) + b"broken\n",
        "in/deep/b.jsonl.gz": gzip.compress(legacy_lines(2)),
        "in/deep/c.ndjson": b"[%b]" % (LEGACY % 1),
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    return read("in")


def read(folder):
    """Return the files of a folder, decompressed."""
    contents = {str(path): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}
    return {name: gzip.decompress(data) if name.endswith(".gz") else data for name, data in contents.items()}


def test_a_folder_by_its_journals(folder):
    """Of a folder each file has a journal of its name, by which it is written anew; one that exists is not replaced."""
    assert tcspec("migrate", "in", "out", "--journal", "journals").code == 1
    assert [name.removeprefix("journals") for name in read("journals")] == [name.removeprefix("in") for name in folder]
    ran = tcspec("migrate", "in", "out", "--undo", "--journal", "journals")
    assert (ran.code, "in/a.ndjson exists; nothing has to be restored" in ran.err) == (2, True)
    shutil.rmtree("in")
    ran = tcspec("migrate", "in", "out", "--undo", "--journal", "journals")
    assert (ran.code, read("in")) == (0, folder), ran.err
    Path("in/a.ndjson").write_bytes(b"")
    assert tcspec("migrate", "in", "out", "--undo", "--journal", "journals", "--force").code == 0
    assert read("in") == folder
    Path("none").mkdir()
    ran = tcspec("migrate", "in", "out", "--undo", "--journal", "none")
    assert (ran.code, "none has no journal of a migration in it" in ran.err) == (2, True)


def test_an_interrupted_undo_of_a_folder(folder):
    """An undo that was killed is run again as it is: files that are as they were stay, and another one is refused."""
    assert tcspec("migrate", "in", "out", "--journal", "journals").code == 1
    shutil.rmtree("in")
    again = ("migrate", "in", "out", "--undo", "--journal", "journals")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(undoing, "restore_source", interrupt_after(1, restore_source))
        assert tcspec(*again).code == 130
    assert len(read("in")) == 1
    Path("in/deep/b.jsonl.gz").write_bytes(gzip.compress(b"another"))
    before = read("in")
    ran = tcspec(*again)
    assert (ran.code, "in/deep/b.jsonl.gz exists, and is not what was migrated" in ran.err) == (2, True), ran.err
    assert read("in") == before
    Path("in/deep/b.jsonl.gz").unlink()
    ran = tcspec(*again)
    assert (ran.code, ran.err, read("in")) == (0, "in: written as it was, 7 records\n", folder)


def interrupt_after(count, function):
    """Return a function that is interrupted when it was called so often."""
    calls = []

    def call(*arguments, **options):
        if len(calls) == count:
            raise KeyboardInterrupt
        calls.append(arguments)
        return function(*arguments, **options)

    return call


def test_a_folder_without_journals(folder):
    """What was made of several files is removed, all of it or nothing; what else is in the folders stays."""
    assert tcspec("migrate", "in", "out").code == 1
    Path("out/mine").write_bytes(b"")
    Path("out.rejects/a.ndjson").write_bytes(b"fixed\n")
    before = read(".")
    ran = tcspec("migrate", "in", "out", "--undo")
    assert (ran.code, "out.rejects/a.ndjson is not what in/a.ndjson is migrated to" in ran.err) == (2, True), ran.err
    assert read(".") == before
    Path("out.rejects/a.ndjson").write_bytes(b"broken\n")
    ran = tcspec("migrate", "in", "out", "--undo")
    assert (ran.code, ran.err) == (0, "out: removed; in is as it was, 7 records\n")
    assert read(".") == folder | {"out/mine": b""}


@pytest.mark.usefixtures("folder")
def test_resuming_with_a_journal():
    """A folder whose first files have no journal is not migrated on with one."""
    with interrupted_folder(1):
        assert tcspec("migrate", "in", "out").code == 130
    ran = tcspec("migrate", "in", "out", "--journal", "journals", "--resume")
    assert (ran.code, "in/a.ndjson was migrated without a journal" in ran.err) == (2, True)


def test_parquet():
    """A Parquet file has no journal; what was made of it is removed, and the file stays."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"raw": [(LEGACY % 1).decode(), "broken"]}), "s.parquet")
    options = ["s.parquet", "t.parquet", "--column", "raw"]
    for sources in (["s.parquet"], ["s.parquet", "s.ndjson"]):
        Path("s.ndjson").write_bytes(b"")
        ran = tcspec("migrate", *sources, "t.parquet", "--column", "raw", "--journal", "j")
        assert (ran.code, "--undo without --journal removes what was made of it" in ran.err) == (2, True)
    Path("s.ndjson").unlink()
    assert tcspec("migrate", *options).code == 1
    ran = tcspec("migrate", *options, "--undo")
    assert (ran.code, ran.err) == (0, "t.parquet: removed; s.parquet is as it was, 2 rows\n")
    assert [path.name for path in Path().iterdir()] == ["s.parquet"]


def test_long_lines():
    """A line that is longer than the limit is in the journal, in pieces."""
    content = b"x" * 3_000_000 + b"\n" + LEGACY % 1 + b"\n" + b"y" * 2_000
    Path("s").write_bytes(content)
    assert tcspec("migrate", "s", "t", "--journal", "j", "--max-length", "1000").code == 1
    Path("s").unlink()
    assert tcspec("migrate", "s", "t", "--undo", "--journal", "j").code == 0
    assert Path("s").read_bytes() == content


def test_columns_and_workers():
    """Rows of a table, and what several processes have written, are restored as well; a journal is in the report."""
    rows = [f'"{{""event"":""login"",""properties"":{{}}}}",{n}\r\n' for n in range(40)]
    Path("s.csv").write_text("raw,n\r\n" + "".join(rows) + "no,2\n", "utf-8", newline="")
    content = Path("s.csv").read_bytes()
    options = ["--journal", "j.gz", "--column", "raw", "--workers", "2", "--report", "r.json"]
    tcspec("migrate", "s.csv", "t.csv", *options)
    assert tcspec("migrate", "--verify", "r.json").code == 0
    assert "journal" in json.loads(Path("r.json").read_text("utf-8"))["files"][0]["outputs"]
    Path("s.csv").unlink()
    ran = tcspec("migrate", "s.csv", "t.csv", "--undo", "--journal", "j.gz")
    assert (ran.code, ran.err) == (0, "s.csv: written as it was, 42 lines\n")
    assert Path("s.csv").read_bytes() == content


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s", legacy_lines(25) + b"broken\n" * 6),
        ("s.json", b"[broken, %b]" % b", ".join([*[b"broken"] * 11, *[LEGACY % n for n in range(19)]])),
    ],
)
def test_resuming(name, content, after):
    """A migration that is interrupted and resumed has the journal of an undisturbed one."""
    Path(name).write_bytes(content)
    options = {"journal": "j", "checkpoint_every": 10}
    migrate(name, "t", **options)
    expected = Path("j").read_bytes()
    with interrupted(after):
        migrate(name, "t", force=True, **options)
    migrate(name, "t", resume=True, force=True, **options)
    assert Path("j").read_bytes() == expected


def test_what_was_changed():
    """A target that was changed, or a journal of another one, is refused, and nothing is written."""
    Path("s").write_bytes(legacy_lines(3) + b"broken\n")
    migrate("s", "t", journal="j")
    with pytest.raises(MigrationError, match="s exists; nothing has to be restored"):
        restore_source("s", "t", "j")
    Path("s").rename("original")
    target, journal = Path("t").read_bytes(), Path("j").read_bytes()
    first, rest = target.split(b"\n", 1)
    entries = journal.splitlines(keepends=True)
    changes = {
        "it has another event for line 1": (first.replace(b"u", b"v") + b"\n" + rest, journal),
        "it has no event for line": (first + b"\n", journal),
        "what is restored is not the source": (target + b"\n", journal),
        "is no whole journal": (target, b"".join(entries[:-1])),
        "is no journal of a migration with this version": (target, b"".join(entries[1:])),
        "is no journal": (target, b"[]\n" + entries[-1]),
        "is damaged in line 2": (target, entries[0] + b'{"line":1,"delta":5}\n' + entries[-1]),
    }
    for sentence, (changed, of_journal) in changes.items():
        Path("t").write_bytes(changed)
        Path("j").write_bytes(of_journal)
        with pytest.raises(MigrationError, match=sentence):
            restore_source("s", "t", "j")
        assert not Path("s").exists()
    with pytest.raises(MigrationError, match="must be three files"):
        restore_source("s", "t", "t")


def test_an_interrupted_migration_to_the_source():
    """What an interrupted migration to the source has written stays as it is."""
    Path("older").write_bytes(legacy_lines(25))
    migrate("older", "s")
    migrate("s", "t", journal="j")
    Path("s").unlink()
    with interrupted(1):
        migrate("older", "s", checkpoint_every=10)
    before = {path: path.read_bytes() for path in Path("s.migration").iterdir()}
    with pytest.raises(MigrationError, match="has an interrupted migration"):
        restore_source("s", "t", "j")
    assert {path: path.read_bytes() for path in Path("s.migration").iterdir()} == before


def test_a_working_folder_that_is_left():
    """An undo that was killed when it had moved the source leaves nothing once it is run again."""
    Path("s").write_bytes(legacy_lines(3))
    migrate("s", "t", journal="j")
    with closing(WorkingFolder.acquire(Path("s.migration"))) as folder:
        folder.mark(has_repeatable_source=True)
    with pytest.raises(MigrationError, match="s exists; nothing has to be restored"):
        restore_source("s", "t", "j")
    assert not Path("s.migration").exists()


def test_without_a_journal():
    """Without a journal the target and its rejects are removed, if they can be made of the source again."""
    Path("s").write_bytes(legacy_lines(3) + b"broken\n")
    tcspec("migrate", "s", "t.gz")
    rejects = Path("t.gz.rejects.ndjson")
    rejects.write_bytes(b"fixed\n")
    with pytest.raises(MigrationError, match="is not what s is migrated to; it stays as it is"):
        remove_outputs("s", "t.gz")
    rejects.write_bytes(b"broken\n")
    ran = tcspec("migrate", "s", "t.gz", "--undo")
    assert (ran.code, ran.err) == (0, "t.gz: removed; s is as it was, 4 lines\n")
    assert [path.name for path in Path().iterdir()] == ["s"]
    assert tcspec("migrate", "s", "t.gz", "--undo").code == 2


@pytest.mark.parametrize("name", ["a[1].ndjson", "a*.ndjson", "a?.ndjson"])
def test_a_name_with_wildcards(name):
    """A file whose name has brackets, a star or a question mark is written anew as any other."""
    Path(name).write_bytes(legacy_lines(2))
    migrate(name, "t", journal="j")
    Path(name).unlink()
    assert tcspec("migrate", name, "t", "--undo", "--journal", "j").code == 0
    assert Path(name).read_bytes() == legacy_lines(2)
    assert tcspec("migrate", name, "t", "--undo").code == 0
    assert not Path("t").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["s", "--undo"], "--undo takes SOURCE and TARGET"),
        (["s", "t", "--undo", "--dry-run"], "exclude each other"),
        (["s", "t", "--journal", "-"], "a journal is a file"),
        (["s", "t", "--journal", "s"], "are the same file"),
        (["*.ndjson", "t", "--journal", "-"], "must be folders"),
        (["*.ndjson", "t", "--undo", "--journal", "j"], "--undo --journal takes one SOURCE"),
        (["s", "t", "u", "--undo", "--journal", "j"], "--undo --journal takes one SOURCE"),
        (["memory://s", "t", "--undo", "--journal", "j"], "is a URL; a source is written anew to a file"),
        (["s", "-", "--undo"], "a stream cannot be undone"),
    ],
)
def test_misuse(arguments, sentence):
    """A journal is a file or a folder, and so is what is undone by it."""
    Path("s").write_bytes(legacy_lines(1))
    Path("s.ndjson").write_bytes(legacy_lines(1))
    ran = tcspec("migrate", *arguments)
    assert (ran.code, sentence in ran.err) == (2, True), ran.err
