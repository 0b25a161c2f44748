"""A piece of work on an input of any size, whose cost must grow as the input does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.errors import TcspecError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Workload:
    """How an input of about a given size is made, and what is done with it; refusing it is work too."""

    make: Callable[[int], Any]
    work: Callable[[Any], object]
    size: int = 40

    def run(self, given: Any) -> None:
        """Do the work, to the end of whatever is given bit by bit."""
        try:
            done = self.work(given)
            if hasattr(done, "__next__"):
                for _ in done:
                    pass
        except TcspecError:
            pass
