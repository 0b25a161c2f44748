"""The response of a bulk endpoint to lines, as `tcspec check` predicts it for a request that has nothing else wrong."""

from __future__ import annotations

from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.bodies import read_body_payload
from tcspec.requests.bulk_response import BulkResponse


def predict_bulk_response(lines, kind):
    """Return the body of the response to the lines of a request; blank ones are ignored."""
    response = BulkResponse()
    for number, line in enumerate(lines, 1):
        if line.strip():
            body = read_body_payload(line, kind, DEFAULT_LIMITS)
            response.add(number, body.value, body.check(DEFAULT_LIMITS))
    return response.body()
