"""Run the job of the documentation on Spark, in local mode."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import skip_or_fail
from locations import ROOT


def find_program():
    """Return the program that starts a job, or skip the test."""
    program = Path(sys.executable).with_name("spark-submit")
    if not program.exists() or shutil.which("java") is None:
        skip_or_fail("SPARK", "Spark or Java is not installed")
    return program


def run_job(source, target, column):
    """Upgrade a column of a folder or file to another folder; return what the job has printed."""
    done = subprocess.run(
        [
            find_program(), "--master", "local[2]", "--conf", "spark.ui.enabled=false",
            "--conf", "spark.sql.shuffle.partitions=2",
            ROOT / "docs" / "spark_job.py", source, target, "--column", column,
        ],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
