"""An S3 server on this machine, in an environment of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress

from environment import skip_or_fail
from locations import ROOT

PROGRAM = ROOT / ".venv-s3" / ("Scripts/moto_server.exe" if os.name == "nt" else "bin/moto_server")


@contextmanager
def run_server():
    """Run a server; yield the environment of programs that use it."""
    if not PROGRAM.exists():
        skip_or_fail("S3", "the S3 server is not installed: make .venv-s3/installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [PROGRAM, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(url, timeout=5).close()
                break
            time.sleep(0.1)
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        process.terminate()
        process.wait()
