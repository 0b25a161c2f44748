"""Fixed rejects are put back at their places, whatever happens on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from migrating import LEGACY, objects_of, reasons_of
from tcspec.errors import TcspecError
from tcspec.files.lines import FileError
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.merging import merge_rejects
from tcspec.migration.output_files import CompleteFile
from tcspec.migration.reject_groups import NotRejects

GOOD = [LEGACY % 1, LEGACY % 2 + b"\r", b"", b'{"event_name":"x","context":{}}']
BROKEN = b"broken %d"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(lines, *, is_cut_off=False):
    """Migrate lines to `t`, with their rejects in `r`."""
    Path("s").write_bytes(b"\n".join(lines) + b"\n" * (not is_cut_off))
    return migrate("s", "t", rejects="r", force=True)


def read():
    """Return the target and the rejects."""
    return Path("t").read_bytes(), Path("r").read_bytes()


def fix(*replacements):
    """Fix some rejects, by their number."""
    lines = Path("r").read_bytes().split(b"\n")
    for number, line in replacements:
        lines[number] = line
    Path("r").write_bytes(b"\n".join(lines))


@pytest.fixture
def interrupted(monkeypatch):
    """Return a function that stops a merge while its files are moved into their places."""

    def interrupt(after):
        moved = []

        def move(file, before):
            if len(moved) == after:
                raise KeyboardInterrupt
            moved.append(file)
            original(file, before)

        original = CompleteFile.move
        with monkeypatch.context() as patched:
            patched.setattr(CompleteFile, "move", move)
            with pytest.raises(KeyboardInterrupt):
                merge_rejects("t", rejects="r")

    return interrupt


@given(
    kinds=st.lists(st.sampled_from(["good", "broken", "fixed", "fixed again"]), min_size=1, max_size=12),
    is_cut_off=st.booleans(),
)
def test_the_result_is_that_of_the_fixed_source(tmp_path_factory, kinds, is_cut_off):
    """The target and the rejects are those of a migration of the source in which the same lines are fixed."""
    folder = tmp_path_factory.mktemp("merge")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        source = [GOOD[n % 4] if kind == "good" else BROKEN % n for n, kind in enumerate(kinds)]
        bad = [(n, kind) for n, kind in enumerate(kinds) if kind != "good"]
        put(source, is_cut_off=is_cut_off)
        fixed = list(source)
        for name in ("fixed", "fixed again"):
            left = [(n, kind) for n, kind in bad if fixed[n] == source[n]]
            chosen = [(i, LEGACY % n) for i, (n, kind) in enumerate(left) if kind == name]
            for i, line in chosen:
                fixed[left[i][0]] = line
            fix(*chosen)
            summary = merge_rejects("t", rejects="r")
            assert (summary.upgraded, summary.rejected) == (len(chosen), len(left) - len(chosen))
        found, reasons = read(), objects_of(reasons_of(Path("r")))
        assert [reason["line"] for reason in reasons] == [n + 1 for n, line in enumerate(fixed) if line == BROKEN % n]
        put(fixed, is_cut_off=is_cut_off)
        assert found == read()
        assert sorted(path.name for path in Path().iterdir()) == ["r", "r.reasons.ndjson", "s", "t"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("kinds", ["bg", "gbg", "bgbg", "bgbbg", "gb"])
def test_rejects_without_a_line_feed_at_their_end(kinds, ending):
    """A record that lost its line feed, as the last one of fixed rejects may, is not joined with the one behind it."""
    lines = [LEGACY % n if kind == "g" else BROKEN % n for n, kind in enumerate(kinds)]
    fixed = [LEGACY % n for n in range(len(kinds))]
    Path("s").write_bytes(b"".join(each + ending for each in lines))
    migrate("s", "t", rejects="r")
    left = [n for n, kind in enumerate(kinds) if kind == "b"]
    # In two steps, so that one that stays a reject has no line feed either.
    Path("r").write_bytes(ending.join([fixed[left[0]], *(lines[n] for n in left[1:])]))
    merge_rejects("t", rejects="r")
    if left[1:]:
        Path("r").write_bytes(ending.join(fixed[n] for n in left[1:]))
        merge_rejects("t", rejects="r")
    Path("f").write_bytes(b"".join(each + ending for each in fixed))
    migrate("f", "wanted")
    expected = Path("wanted").read_bytes()
    assert read()[0] == (expected if kinds[-1] == "g" else expected.removesuffix(ending))


@pytest.mark.parametrize("reject", [b"[%b]" % (LEGACY % 0), b"[%b]\r" % (LEGACY % 0), b"[{", b"PAR1"])
def test_rejects_that_look_like_another_format(reject):
    """Rejected lines are lines, whatever the first of them looks like: grouped, put back, and rejected again."""
    put([LEGACY % 1, reject, LEGACY % 2, BROKEN % 3])
    before = read()
    assert tcspec("rejects", "r").err == "2 rejects in 1 file\n"
    assert merge_rejects("t", rejects="r").rejected == 2
    assert read() == before
    fix((1, LEGACY % 3))
    assert merge_rejects("t", rejects="r").upgraded == 1
    found = read()
    put([LEGACY % 1, reject, LEGACY % 2, LEGACY % 3])
    assert found == read()


def test_columns_and_compression():
    """Rows of a table and members are put back as well, and compressed targets stay compressed."""
    Path("s.csv").write_text('raw,n\n"{""event"":""login"",""properties"":{}}",1\nno,2\n"{}",3\n', "utf-8")
    migrate("s.csv", "t.csv.gz", column="raw")
    rejects = Path("t.csv.gz.rejects.csv")
    assert rejects.read_bytes() == b"raw,n\nno,2\n"
    rejects.write_text('raw,n\n"{""event"":""logout"",""properties"":{}}",2\n', "utf-8")
    ran = tcspec("migrate", "t.csv.gz", "--merge-rejects", "--column", "raw", "--fail-on", "never")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "1 line: 1 upgraded")
    assert tcspec("migrate", "t.csv.gz", "-", "--column", "raw", "--fail-on", "never").out.splitlines()[2] == (
        '"{""event_name"":""logout"",""context"":{}}",2'
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.ndjson", b'{"raw": 1}\n'),
        ("s.json", b'[{"raw": 1}]\n'),
        ("s.csv", b"raw\nno\n"),
    ],
)
def test_another_column(name, content):
    """Rejects of which a member or a cell is the payload are not put back as whole records, nor by another column."""
    Path(name).write_bytes(content)
    target = f"t{Path(name).suffix}"
    migrate(name, target, column="raw")
    before = Path(target).read_bytes()
    for options in ([], ["--column", "other"]):
        ran = tcspec("migrate", target, "--merge-rejects", *options)
        assert (ran.code, Path(target).read_bytes()) == (2, before)
        assert "raw; name it as in the migration" in ran.err or "has no column named other" in ran.err
    assert tcspec("migrate", target, "--merge-rejects", "--column", "raw").err.startswith("1 ")


@pytest.mark.parametrize("name", ["s.ndjson", "s.json"])
def test_a_column_of_whole_records(name):
    """Rejects that are whole records are not put back with a member migrated, which is no event."""
    put_back = b'{"event":"login","properties":{},"p":{"event":"login","properties":{}}}'
    is_array = name.endswith(".json")
    Path(name).write_bytes(b"[1]\n" if is_array else b"1\n")
    target, rejects = f"t{Path(name).suffix}", f"t{Path(name).suffix}.rejects{Path(name).suffix}"
    migrate(name, target)
    Path(rejects).write_bytes(b"[" + put_back + b"]\n" if is_array else put_back + b"\n")
    before = Path(target).read_bytes()
    ran = tcspec("migrate", target, "--merge-rejects", "--column", "p")
    assert (ran.code, Path(target).read_bytes()) == (2, before)
    assert "has rejects of whole records; leave out --column, as in the migration" in ran.err
    assert tcspec("migrate", target, "--merge-rejects").err.startswith("1 ")


def test_invalid_events():
    """A fixed event that may not be invalid stays a reject, with its new reasons."""
    put([BROKEN % 0, LEGACY % 1])
    fix((0, b'{"event":"login"}'))
    ran = tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", "--on-invalid", "reject")
    assert ran.code == 1
    assert objects_of(reasons_of(Path("r")))[0]["violations"][0]["code"].startswith("TC")
    assert Path("r").read_bytes() == b'{"event":"login"}\n'


@pytest.mark.parametrize("after", [0, 1, 2])
def test_resuming(interrupted, after):
    """A merge that is interrupted while its files are moved is refused without --resume, and ends the same with it."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    fix((0, LEGACY % 0))
    interrupted(after)
    with pytest.raises(MigrationError, match="has an interrupted merge; --resume goes on"):
        merge_rejects("t", rejects="r")
    assert merge_rejects("t", rejects="r", resume=True).upgraded == 1
    assert read()[0].count(b"\n") == 2
    assert read()[1] == BROKEN % 2 + b"\n"
    assert not Path("t.migration").exists()


@pytest.mark.parametrize(("after", "name"), [(0, "r"), (0, "t"), (1, "t"), (2, "r"), (2, "t")])
def test_what_is_written_after_an_interruption(interrupted, after, name):
    """A merge that goes on does not replace what was written since, such as rejects that were fixed further."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    fix((0, LEGACY % 0))
    interrupted(after)
    Path(name).write_bytes(Path(name).read_bytes() + b"later\n")
    before = read()
    with pytest.raises(FileError, match=f"{name}: was .* by another program"):
        merge_rejects("t", rejects="r", resume=True)
    assert read() == before


@pytest.mark.parametrize("after", [0, 1, 2])
def test_starting_again(interrupted, after):
    """With --force a merge starts again that was interrupted before a file was moved; fixed records are never lost."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    fix((0, LEGACY % 0))
    interrupted(after)
    if after:
        with pytest.raises(MigrationError, match="--force cannot start again, as some files were moved"):
            merge_rejects("t", rejects="r", force=True)
        with pytest.raises(FileError, match=r"t\.migration: holds .* fixed rejects; move it away"):
            migrate("s", "t", rejects="r", force=True)
    assert merge_rejects("t", rejects="r", force=not after, resume=bool(after)).upgraded == 1
    assert read()[0].count(b"\n") == 2
    assert read()[1] == BROKEN % 2 + b"\n"


def test_what_does_not_belong_together(interrupted):
    """Files that are not those of one migration are refused, and stay as they are."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    before = read()
    for change, sentence in (
        (lambda: Path("r").write_bytes(before[1] + LEGACY % 1 + b"\n"), "more rejects than reasons"),
        (lambda: Path("r").write_bytes(b"broken\n"), "fewer rejects than reasons"),
        (lambda: (fix((1, LEGACY % 2)), Path("t").write_bytes(b"")), "the target is not the one"),
        (
            lambda: reasons_of(Path("r")).write_text('{"violations":[{"code":"TC001","message":"x"}]}\n'),
            "part of a store",
        ),
    ):
        Path("r").write_bytes(before[1])
        Path("t").write_bytes(before[0])
        change()
        changed = read()
        with pytest.raises(MigrationError, match=sentence):
            merge_rejects("t", rejects="r")
        assert (read(), Path("t.migration").exists()) == (changed, False)
    reasons_of(Path("r")).write_text("{}\n", "utf-8")
    with pytest.raises(NotRejects, match="is not a file of reasons"):
        merge_rejects("t", rejects="r")
    with pytest.raises(MigrationError, match="is missing"):
        merge_rejects("t")
    put([BROKEN % 0])
    interrupted(0)
    Path("q").write_bytes(b"")
    Path("q.reasons.ndjson").write_bytes(b"")
    # What is moved may be the only copy of fixed rejects: it is not replaced with --force either.
    for options in ({"resume": True}, {"force": True}):
        with pytest.raises(MigrationError, match="an interrupted merge of other files; its command with --resume goes"):
            merge_rejects("t", rejects="q", **options)
    Path("t.migration/merge.json").write_bytes(b"{")
    with pytest.raises(MigrationError):
        merge_rejects("t", rejects="r", resume=True)


def test_a_part_of_a_store():
    """Rejects of a part have no places in the target."""
    Path("s").write_bytes(BROKEN % 0 + b"\n" + LEGACY % 1 + b"\n")
    migrate("s", "t", rejects="r", where_event=["logout"])
    with pytest.raises(MigrationError, match="whose places nobody knows"):
        merge_rejects("t", rejects="r")


def test_misuse():
    """A merge takes the target alone, and none of the options of a migration that it does not need."""
    put([LEGACY % 1])
    assert tcspec("migrate", "s", "t", "--merge-rejects").code == 2
    for option in (["--dry-run"], ["--report", "x"], ["--where-event", "x"]):
        ran = tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", *option)
        assert (ran.code, "exclude each other" in ran.err) == (2, True)
    assert json.loads(tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", "--format", "json").out)


def put_array(items, spaces=(b"\n ", b"\n "), name="s.json"):
    """Migrate an array to `t`, with its rejects in `r`."""
    first, between = spaces
    Path(name).write_bytes(b"[" + first + (b"," + between).join(items) + b"]\n")
    return migrate(name, "t", rejects="r", force=True)


def write_rejects(items):
    """Write the rejects of an array."""
    Path("r").write_bytes(b"[\n" + b",\n".join(items) + b"\n]\n")


@given(
    kinds=st.lists(st.sampled_from(["good", "broken", "fixed", "fixed again"]), min_size=1, max_size=10),
    space=st.sampled_from([b"", b"\n  "]),
)
def test_arrays(tmp_path_factory, kinds, space):
    """The target and the rejects of an array are those of a migration of the array with the fixed items."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("merge"))
        source = [(LEGACY % n, GOOD[3])[n % 2] if kind == "good" else BROKEN % n for n, kind in enumerate(kinds)]
        put_array(source, (space, space))
        fixed, left = list(source), [n for n, kind in enumerate(kinds) if kind != "good"]
        for name in ("fixed", "fixed again"):
            chosen = [n for n in left if kinds[n] == name]
            for n in chosen:
                fixed[n] = LEGACY % n
            if left:
                write_rejects([fixed[n] for n in left])
            summary = merge_rejects("t", rejects="r")
            left = [n for n in left if n not in chosen]
            assert (summary.upgraded, summary.rejected, summary.unit) == (len(chosen), len(left), "item")
        assert [reason["item"] for reason in objects_of(reasons_of(Path("r")))] == [n + 1 for n in left]
        found = read()
        put_array(fixed, (space, space))
        assert found == read()


def test_white_space_of_arrays():
    """Only what stood before the first item of the target may be lost, when others were before it."""
    put_array([BROKEN % 0, LEGACY % 1, BROKEN % 2, LEGACY % 3], (b"", b"\n  "))
    write_rejects([LEGACY % 0, LEGACY % 2])
    merge_rejects("t", rejects="r")
    found = read()[0]
    put_array([LEGACY % n for n in range(4)], (b"", b"\n  "))
    assert found == read()[0]
    put_array([BROKEN % 0, LEGACY % 1], (b" ", b"\n  "))
    write_rejects([LEGACY % 0])
    merge_rejects("t", rejects="r")
    assert len(json.loads(read()[0])) == 2


@pytest.mark.parametrize("items", [[b"", LEGACY % 1], [LEGACY % 1, b""], [b"", LEGACY % 1, b""]])
def test_empty_items(items):
    """What is missing before a comma too many is a reject, which is counted, stays one, and is fixed in its place."""
    put_array(items, (b" ", b" "))
    before = read()
    count = items.count(b"")
    assert tcspec("rejects", "r").err.startswith(f"{count} reject")
    assert merge_rejects("t", rejects="r").rejected == count
    assert read() == before
    write_rejects([LEGACY % 0] * count)
    assert merge_rejects("t", rejects="r").upgraded == count
    assert len(json.loads(read()[0])) == len(items)
    put_array([BROKEN % 0, LEGACY % 1])
    write_rejects([])
    with pytest.raises(MigrationError, match="fewer rejects than reasons"):
        merge_rejects("t", rejects="r")


def test_rows_of_an_array():
    """An item of which only a member is the payload is put back with the rest of it, and a long one stays a reject."""
    rows = [b'{"n": 0, "raw": "no"}', b'{"n": 1, "raw": "%b"}' % (b"x" * 200_000), b'{"n": 2, "raw": null}']
    Path("s.json").write_bytes(b"[%b]" % b", ".join(rows))
    options = ["--column", "raw", "--max-length", "1000"]
    assert tcspec("migrate", "s.json", "t.json", *options).code == 1
    rejects = Path("t.json.rejects.json")
    rejects.write_bytes(rejects.read_bytes().replace(b'"no"', b'{"event": "login", "properties": {}}'))
    ran = tcspec("migrate", "t.json", "--merge-rejects", *options)
    assert (ran.code, ran.err.splitlines()[0]) == (1, "2 items: 1 upgraded, 1 rejected"), ran.err
    assert Path("t.json").read_bytes() == (
        b'[{"n": 0, "raw": {"event_name":"login","context":{}}}, {"n": 2, "raw": null}]'
    )
    assert rejects.read_bytes() == b"[\n%b\n]\n" % rows[1]


@pytest.mark.parametrize(
    "groups",
    [
        ["gbm", "g"],
        ["mm", "bb", "gm"],
        ["b", "m"],
        ["gg", "gg"],
        ["bmg" * 4, "gmb" * 4],
        ["m"],
        ["b", "g"],
        ["", "gbm", "", "b", "g"],
        ["b", ""],
    ],
)
def test_parquet(groups):
    """The rows, row groups and options of a Parquet file are those of a migration of the file with fixed rows."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

    def write(path, values, compression="gzip"):
        raw = pa.array(values, pa.dictionary(pa.int32(), pa.string()))
        table = pa.table({"n": list(range(len(values))), "raw": raw, "more": [[1]] * len(values)})
        with pq.ParquetWriter(path, table.schema.with_metadata({"k": "v"}), compression=compression) as writer:
            start = 0
            for size in sizes:
                writer.write_table(table.slice(start, size))
                start += size

    kinds, sizes = "".join(groups), [len(group) for group in groups]
    events = [(LEGACY % n).decode() for n in range(len(kinds))]
    write("s.parquet", [event if kind == "g" else "broken" for event, kind in zip(events, kinds, strict=True)])
    migrate("s.parquet", "t.parquet", column="raw", rejects="r.parquet")
    rejects = pq.read_table("r.parquet")
    fixed = [events[n] if kinds[n] == "m" else "broken" for n in rejects["n"].to_pylist()]
    rejects = rejects.set_column(1, "raw", pa.array(fixed, pa.string())).cast(rejects.schema)
    pq.write_table(rejects, "r.parquet", compression="gzip")
    ran = tcspec("migrate", "t.parquet", "--merge-rejects", "--rejects", "r.parquet", "--column", "raw")
    # Where nothing was rejected, nothing is put back.
    assert ran.code == ("b" in kinds or "m" not in kinds), ran.err
    write("m.parquet", [event if kind != "b" else "broken" for event, kind in zip(events, kinds, strict=True)])
    migrate("m.parquet", "u.parquet", column="raw", rejects="q.parquet")
    for found, expected in (("t", "u"), ("r", "q")):
        one, other = (pq.ParquetFile(f"{name}.parquet") for name in (found, expected))
        assert one.schema_arrow.equals(other.schema_arrow, check_metadata=True)
        for name in ("num_rows", "num_row_groups"):
            assert getattr(one.metadata, name) == getattr(other.metadata, name)
        # Group by group: older versions of pyarrow cannot read a whole file without any.
        for group in range(one.metadata.num_row_groups):
            assert one.read_row_group(group).to_pylist() == other.read_row_group(group).to_pylist()
            assert one.metadata.row_group(group).column(1).compression == "GZIP"
    numbers = [(each["row_group"], each["row"]) for each in objects_of(reasons_of(Path("r.parquet")))]
    assert numbers == [(each["row_group"], each["row"]) for each in objects_of(reasons_of(Path("q.parquet")))]


def test_parquet_that_does_not_belong_together():
    """Rejects with other columns, more or fewer of them than reasons, and another target are refused."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"raw": ["broken", "{}", "broken"], "n": [1, 2, 3]}), "s.parquet")
    migrate("s.parquet", "t.parquet", column="raw", rejects="r.parquet")
    rejects, target = pq.read_table("r.parquet"), Path("t.parquet").read_bytes()
    for table, sentence in (
        (rejects.drop_columns("n"), "keep the columns and their types"),
        (pa.concat_tables([rejects, rejects]), "more rejects than reasons"),
        (rejects.slice(1), "fewer rejects than reasons"),
    ):
        pq.write_table(table, "r.parquet")
        with pytest.raises(TcspecError, match=sentence):
            merge_rejects("t.parquet", rejects="r.parquet", column="raw")
        assert Path("t.parquet").read_bytes() == target
    pq.write_table(rejects, "r.parquet")
    reasons = reasons_of(Path("r.parquet"))
    written = reasons.read_text("utf-8")
    for member in ("row_group", "row", "rows"):
        for other in ('"other"', f'"{member}"'):
            reasons.write_text(written.replace(f'"{member}": ', f'{other}: "x", "was": '), "utf-8")
            with pytest.raises(MigrationError, match="whose places nobody knows"):
                merge_rejects("t.parquet", rejects="r.parquet", column="raw")
    reasons.write_text(written.replace('"source": ', '"was": '), "utf-8")
    assert merge_rejects("t.parquet", rejects="r.parquet", column="raw").rejected == 2
    pq.write_table(pq.read_table("s.parquet"), "t.parquet")
    with pytest.raises(MigrationError, match="the target is not the one"):
        merge_rejects("t.parquet", rejects="r.parquet", column="raw")


def test_parquet_with_columns_of_one_name():
    """Other columns may have the same name; rows are put back by the order of their columns then."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    names = ["raw", "n", "n"]
    pq.write_table(pa.Table.from_arrays([pa.array(["broken", "{}"]), pa.array([1, 2]), pa.array([3, 4])], names), "s")
    migrate("s", "t.parquet", column="raw", rejects="r.parquet")
    fixed = [pa.array([(LEGACY % 1).decode()]), pa.array([1]), pa.array([3])]
    pq.write_table(pa.Table.from_arrays(fixed, names), "r.parquet")
    assert merge_rejects("t.parquet", rejects="r.parquet", column="raw").upgraded == 1
    table = pq.ParquetFile("t.parquet").read()
    assert [column.to_pylist() for column in table.columns[1:]] == [[1, 2], [3, 4]]


def test_arrays_that_do_not_belong_together():
    """More or fewer rejects than reasons, another target, and one of lines are refused."""
    put_array([BROKEN % 0, LEGACY % 1, BROKEN % 2, BROKEN % 3])
    before = read()
    for change, sentence in (
        (lambda: write_rejects([b"broken"] * 4), "more rejects than reasons"),
        (lambda: write_rejects([b"broken"]), "fewer rejects than reasons"),
        (lambda: Path("t").write_bytes(b"[]"), "the target is not the one"),
        (lambda: Path("t").write_bytes(LEGACY % 1), "are not in the same format"),
    ):
        Path("t").write_bytes(before[0])
        Path("r").write_bytes(before[1])
        change()
        with pytest.raises(MigrationError, match=sentence):
            merge_rejects("t", rejects="r")
    put_array([BROKEN % 0], name="s.json")
    migrate("s.json", "u.json", where_event=["login"])
    with pytest.raises(MigrationError, match="whose places nobody knows"):
        merge_rejects("u.json")


def test_a_folder():
    """The rejects of every file in a folder are put back; a file that has none any more has no file of them."""
    for name in ("a.ndjson", "deep/b.ndjson"):
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_bytes(LEGACY % 1 + b"\nbroken\n" + LEGACY % 2 + b"\n")
    assert tcspec("migrate", "in", "out").code == 1
    Path("out.rejects/deep/b.ndjson").write_bytes(LEGACY % 3 + b"\n")
    ran = tcspec("migrate", "out", "--merge-rejects")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "2 lines: 1 upgraded, 1 rejected"), ran.err
    assert "Rejected lines are in " in ran.err
    left = [str(path) for path in sorted(Path("out.rejects").rglob("*")) if path.is_file()]
    assert left == ["out.rejects/a.ndjson", "out.rejects/a.ndjson.reasons.ndjson"]
    Path("out.rejects/a.ndjson").write_bytes(b"broken\nbroken\n")
    assert "out.rejects/a.ndjson: there are more rejects" in tcspec("migrate", "out", "--merge-rejects").err
    Path("out.rejects/a.ndjson").write_bytes(b"broken\n")
    Path("in/deep/b.ndjson").write_bytes(b"".join(LEGACY % n + b"\n" for n in (1, 3, 2)))
    migrate("in/deep/b.ndjson", "expected")
    assert Path("out/deep/b.ndjson").read_bytes() == Path("expected").read_bytes()
    Path("out.rejects").rename("mine")
    ran = tcspec("migrate", "out", "--merge-rejects")
    assert (ran.code, "out.rejects is missing, or no folder" in ran.err) == (2, True)
    assert tcspec("migrate", "out", "--merge-rejects", "--rejects", "mine").code == 1


def test_names_of_rejects():
    """Rejects have the name that the migration gave them; of two such files one has to be named, and a URL is none."""
    put_array([BROKEN % 0])
    Path("t.rejects.ndjson").write_bytes(b"")
    Path("r").rename("t.rejects.json")
    with pytest.raises(MigrationError, match="exist; name the rejects with --rejects FILE"):
        merge_rejects("t")
    with pytest.raises(MigrationError, match="download them first"):
        merge_rejects("memory://t")
