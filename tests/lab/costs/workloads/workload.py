"""A workload: work on an input of any size, whose cost must grow linearly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Workload:
    """How an input of about some size is made, and what is done with it; raising a `TcspecError` is work too."""

    make: Callable[[int], Any]
    work: Callable[[Any], object]
    size: int = 40

    def run(self, value: Any) -> None:
        """Do the work, and consume the result if it is an iterator."""
        try:
            result = self.work(value)
            if hasattr(result, "__next__"):
                for _ in result:
                    pass
        except TcspecError:
            pass
