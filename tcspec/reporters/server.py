"""Results as the bulk endpoints of the vendor answer: one answer a file, since a file is sent in one request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tcspec.reporters.results import FileFinished, FileStarted, PayloadResult
from tcspec.requests.bulk_response import BulkResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.results import Result


def render(results: Iterable[Result]) -> Iterator[str]:
    """Yield the answer to each file that could be read to its end."""
    response = BulkResponse()
    for result in results:
        match result:
            case FileStarted():
                response = BulkResponse()
            case PayloadResult(_, line, _, violations, payload=payload):
                response.add(line, payload and payload.document, violations)
            case FileFinished(unreadable=None):
                yield json.dumps(response.body(), indent=2) + "\n"
