"""Objects in S3 are migrated; an object appears only whole, and what is interrupted goes on."""

from __future__ import annotations

import gzip
import os
import random
import re
import shlex
import subprocess
import time

import pytest

from acceptance.s3.server import run_server
from command import PROGRAM, program
from environment import IS_ACCEPTANCE
from lab.kills import generate_lines
from locations import ROOT
from migrating import LEGACY
from tcspec.files.compression import by_name, compress
from tcspec.upgrades.api import upgrade_json

pytestmark = pytest.mark.skipif(not IS_ACCEPTANCE, reason="runs a server")


@pytest.fixture(scope="module")
def server():
    """Run a server for all tests."""
    with run_server() as environment:
        yield environment


@pytest.fixture
def store(server, tmp_path, monkeypatch):
    """Return a client of the server, with a bucket, and work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    fsspec = pytest.importorskip("fsspec")
    client = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    client.mkdir("events")
    yield client
    client.rm("events", recursive=True)


def migrate(*arguments):
    """Run the program."""
    return program("migrate", *arguments, "--fail-on", "never")


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_from_bucket_to_bucket(store, tmp_path, suffix):
    """An object becomes what a file becomes, byte for byte, compressed or not; nothing is left in the folder."""
    data = b"".join(compress([generate_lines(2_000)], by_name(suffix)))
    (tmp_path / f"a.ndjson{suffix}").write_bytes(data)
    assert migrate(f"a.ndjson{suffix}", f"b.ndjson{suffix}", "--rejects", "r.ndjson").code == 0
    store.pipe(f"events/in/a.ndjson{suffix}", data)
    run = migrate(f"s3://events/in/a.ndjson{suffix}", f"s3://events/out/b.ndjson{suffix}", "--workers", "2")
    assert run.code == 0, run.err
    rejects = f"s3://events/out/b.ndjson{suffix}.rejects.ndjson"
    assert f"Rejected lines are in {rejects}, their reasons beside it" in run.err
    assert store.cat(f"events/out/b.ndjson{suffix}") == (tmp_path / f"b.ndjson{suffix}").read_bytes()
    assert store.cat(rejects) == (tmp_path / "r.ndjson").read_bytes()
    assert len(store.find("events/out")) == 3
    assert not list(tmp_path.glob("*.migration"))


def test_killed_again_and_again(store, tmp_path):
    """A migration that is killed at any moment, uploads included, shows no part of an object, and ends the same."""
    data = generate_lines(12_000)
    (tmp_path / "a.ndjson").write_bytes(data)
    assert migrate("a.ndjson", "b.ndjson.gz").code == 0
    expected = (tmp_path / "b.ndjson.gz").read_bytes()
    store.pipe("events/a.ndjson", data)
    rng = random.Random(1)  # noqa: S311 - moments, not secrets
    command = [PROGRAM, "migrate", "s3://events/a.ndjson", "s3://events/b.ndjson.gz", "--resume", "--fail-on", "never"]
    kills, delay = 0, 1.0
    while True:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ)
        deadline = time.monotonic() + rng.uniform(0.5, 1) * delay
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        is_done = process.poll() is not None
        process.kill()
        _, err = process.communicate()
        # Killed between its last step and its end, it is done as well, and another run refuses to replace the object.
        if not is_done and store.exists("events/b.ndjson.gz") and not list(tmp_path.glob("*-*.migration")):
            break
        if store.exists("events/b.ndjson.gz"):
            assert store.cat("events/b.ndjson.gz") == expected
        if is_done:
            assert process.returncode == 0, err
            break
        kills, delay = kills + 1, delay * 1.3
    assert kills > 0
    assert store.cat("events/b.ndjson.gz") == expected
    assert not list(tmp_path.glob("*-*.migration"))


@pytest.mark.parametrize(
    ("source", "target"), [("s3://events/in/", "s3://events/out/"), ("s3://events/in/**/*.gz", "out")]
)
def test_folders_and_globs(store, tmp_path, source, target):
    """A folder in a bucket becomes what a folder of files becomes, to a bucket or here, and is undone."""
    names = {"a.ndjson": generate_lines(300), "2021/b.ndjson.gz": gzip.compress(generate_lines(200))}
    for name, data in names.items():
        store.pipe(f"events/in/{name}", data)
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    store.pipe("events/in/notes.txt", b"notes")
    assert migrate("in", "expected").code == 0
    run = migrate(source, target, "--workers", "2")
    assert run.code == 0, run.err
    for name in [name for name in names if name.endswith(".gz") or source.endswith("/")]:
        found = store.cat(f"events/out/{name}") if target.startswith("s3:") else (tmp_path / "out" / name).read_bytes()
        assert found == (tmp_path / "expected" / name).read_bytes()
    before = store.find("events/in")
    run = migrate(source, target, "--undo")
    assert (run.code, "removed" in run.err) == (0, True), run.err
    assert (store.find("events/out"), store.find("events/out.rejects"), store.find("events/in")) == ([], [], before)


def test_what_is_refused(store, monkeypatch):
    """An object that exists, a missing one and a server that is gone are errors in one line."""
    store.pipe("events/a.ndjson", generate_lines(10))
    store.pipe("events/b.ndjson", b"before")
    run = migrate("s3://events/a.ndjson", "s3://events/b.ndjson")
    assert (run.code, "s3://events/b.ndjson exists; --force replaces it" in run.err) == (2, True)
    assert store.cat("events/b.ndjson") == b"before"
    assert migrate("s3://events/a.ndjson", "s3://events/b.ndjson", "--force").code == 0
    run = migrate("s3://events/missing.ndjson", "s3://events/c.ndjson")
    assert (run.code, len(run.err.splitlines())) == (2, 1), run.err
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    run = migrate("s3://events/a.ndjson", "s3://events/c.ndjson")
    assert (run.code, "s3://events/" in run.err, "Traceback" in run.err) == (2, True, False)


def test_the_commands_of_the_readme(store):
    """The commands of the README for S3 run as they are written."""
    commands = re.findall(r"^\$ tcspec (migrate s3:.*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    for number, name in ((1, "2021"), (2, "2022/a")):
        store.pipe(f"events/{name}.ndjson.gz", gzip.compress(LEGACY % number))
    assert [program(*shlex.split(command)).code for command in commands] == [0, 0]
    assert gzip.decompress(store.cat("events/upgraded/2021.ndjson.gz")) == upgrade_json(LEGACY % 1)
    assert gzip.decompress(store.cat("events/upgraded/2022/a.ndjson.gz")) == upgrade_json(LEGACY % 2)


def test_parquet(store):
    """A Parquet file in a bucket is read in pieces, and written whole."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"raw": ['{"event": "login"}'] * 10}), "a.parquet", row_group_size=3)
    store.put("a.parquet", "events/a.parquet")
    run = migrate("s3://events/a.parquet", "s3://events/b.parquet", "--column", "raw")
    assert run.code == 0, run.err
    store.get("events/b.parquet", "b.parquet")
    assert pq.read_table("b.parquet")["raw"].to_pylist() == ['{"event_name":"login","context":{}}'] * 10
