"""What the vendor documents about its endpoints: statuses, and patterns of parameters."""

from __future__ import annotations

PATTERNS = {"^[0-9]+$": "[0-9]+", "^\\d+$": "[0-9]+", "^[a-zA-Z0-9]*$": "[a-zA-Z0-9]*"}
"""The patterns of the facts and of the schemas, and ours."""

_BULK = {400, 401, 403, 405, 415, 429, 500}
DOCUMENTED = {
    **{endpoint: {200, 400} for endpoint in ("events", "events_batch", "events_legacy")},
    **{endpoint: {200} for endpoint in ("events_pixel", "visitor_get", "user_put", "user_delete")},
    "user_get": {200, 404},
    "products_bulk": {202, 207} | _BULK,
    "conversions_bulk": {202} | _BULK,
}
"""The statuses that the vendor documents for each endpoint."""
