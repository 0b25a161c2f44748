"""The job of the documentation upgrades on a cluster to the same bytes as one process."""

from __future__ import annotations

import pytest

from acceptance.spark.cluster import run_job
from environment import IS_ACCEPTANCE
from migrating import LEGACY, STREAMS
from tcspec.migration.engine import migrate

pytestmark = pytest.mark.skipif(not IS_ACCEPTANCE, reason="runs a cluster")


def test_the_job_of_the_documentation(tmp_path):
    """Every row of every partition has the payload that one process writes, and rejected ones are as they were."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    lines = [line.decode(errors="replace") for line in (STREAMS / "mixed.ndjson").read_bytes().split(b"\n")]
    rows = [*lines, None, *((LEGACY % n).decode() for n in range(2_000))]
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    table = pa.table({"id": range(len(rows)), "rawDataCa": rows})
    middle = len(rows) // 2
    for number, part in enumerate((table[:middle], table[middle:])):
        pq.write_table(part, source / f"part-{number}.parquet")
    printed = run_job(source, target, "rawDataCa")
    pq.write_table(table, tmp_path / "a.parquet")
    summary = migrate(str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet"), column="rawDataCa")
    for outcome in ("upgraded", "unchanged", "rejected", "blank"):
        if count := getattr(summary, outcome):
            assert f"{count:,} {outcome}\n" in printed
    upgraded = {row["id"]: row for row in pq.read_table(target).to_pylist()}
    assert len(upgraded) == len(rows)
    expected = {row["id"]: row["rawDataCa"] for row in pq.read_table(tmp_path / "b.parquet").to_pylist()}
    assert {key: row["rawDataCa"] for key, row in upgraded.items() if row["outcome"] != "rejected"} == expected
    assert all(row["rawDataCa"] == rows[key] for key, row in upgraded.items() if row["outcome"] == "rejected")
