"""Put new content in the place of a file: all of it or nothing, with the same permissions."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
from pathlib import Path

from tcspec.streams import UnreadableFile, is_compressed


def replace_file(path: str, content: bytes) -> None:
    """Replace what a file holds, compressed when its name ends with `.gz`; a link stays a link.

    Raises:
        UnreadableFile: when it cannot be written; then it is as it was.
    """
    target = Path(path).resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(content, mtime=0) if is_compressed(path) else content)
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(target, fresh)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from None
