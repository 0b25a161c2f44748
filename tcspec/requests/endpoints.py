"""The endpoints of the vendor in one table: what a request to each contains."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from tcspec.errors import Severity
from tcspec.kinds import BATCH_2_0, CONVERSION_2_0, EVENT_1_0, EVENT_2_0, PIXEL_2_0, PRODUCT_2_0, USER_1_0

if TYPE_CHECKING:
    from tcspec.kinds import Version

COLLECT_HOST, API_HOST = "collect.commander1.com", "api.commander1.com"
VENDOR_DOMAIN = "commander1.com"
JSON, NDJSON = "application/json", "application/x-ndjson"


class Credentials(Enum):
    """Where an endpoint reads the credentials of a request."""

    TOKEN = "the `token` parameter"  # noqa: S105 - a description, not a password
    EITHER = "the `token` parameter or a Bearer token"
    BEARER = "a Bearer token"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter; `aliases` are the names that other endpoints use for it.

    Its value must match all of `pattern`, which `expected` describes in messages; without a pattern any value matches.
    """

    name: str
    is_required: bool = True
    pattern: str | None = None
    expected: str = "a string"
    severity: Severity = Severity.ERROR
    aliases: tuple[str, ...] = ()

    def matches(self, value: str) -> bool:
        """Return whether a value has the expected format."""
        return self.pattern is None or bool(re.fullmatch(self.pattern, value))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation of the vendor's APIs; `{siteId}` in `path` stands for the number of the site.

    `content_type` is None when no body is read; `is_type_required` is whether the vendor documents it as required.
    `version` is that of the payload in the body, or in the query of a pixel; None when there is no payload.
    """

    id: str
    method: str
    host: str
    path: str
    credentials: Credentials
    source: str
    parameters: tuple[Parameter, ...] = ()
    version: Version | None = None
    content_type: str | None = None
    is_type_required: bool = True

    @property
    def kind(self) -> str | None:
        """Return the kind of the payload."""
        return self.version.kind if self.version else None

    @property
    def url(self) -> str:
        """Return the URL as the vendor documents it."""
        return f"https://{self.host}{self.path}"


_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_HTTP_1_0 = "features/sources/sources-catalog/http-tracking-api/http-tracking-api1_0.md"
_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"
_USERS = "features/sources/sources-catalog/import-crm-users/api-users.md"
_BULK = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"

SITE_NAMES = ("tc_s", "site", "siteId", "site_id")
TOKEN_NAMES = ("token", "sourceKey", "source_key", "tc_skey")
DIGITS, _ALPHANUMERIC = "[0-9]+", "[a-zA-Z0-9]*"

_TC_S = Parameter("tc_s", pattern=DIGITS, expected="digits", aliases=SITE_NAMES[1:])
_SITE = Parameter("site", pattern=DIGITS, expected="digits", aliases=("tc_s", "siteId", "site_id"))
TOKEN = Parameter("token", aliases=TOKEN_NAMES[1:])
# Only two operations of the User API say of which characters a token is.
_SAFE_TOKEN = Parameter("token", pattern=_ALPHANUMERIC, expected="letters and digits", aliases=TOKEN_NAMES[1:])
_USER_ID = Parameter("user_id", aliases=("userId",))

ENDPOINTS = (
    EVENTS := Endpoint(
        *("events", "POST", COLLECT_HOST, "/events", Credentials.EITHER, _HTTP),
        parameters=(_TC_S, TOKEN),
        version=EVENT_2_0,
        content_type=JSON,
    ),
    EVENTS_BATCH := replace(EVENTS, id="events_batch", path="/events/batch", version=BATCH_2_0),
    EVENTS_PIXEL := Endpoint(
        *("events_pixel", "GET", COLLECT_HOST, "/events", Credentials.TOKEN, _PIXEL),
        parameters=(_TC_S, TOKEN, Parameter("event_name")),
        version=PIXEL_2_0,
    ),
    # The page of v1.0 has the source key in a header, that of v2.0 in the query (K015).
    EVENTS_LEGACY := Endpoint(
        *("events_legacy", "POST", COLLECT_HOST, "/events", Credentials.BEARER, _HTTP_1_0),
        parameters=(_TC_S,),
        version=EVENT_1_0,
        content_type=JSON,
    ),
    VISITOR_GET := Endpoint(
        *("visitor_get", "GET", API_HOST, "/v1.0/engage/visitors/", Credentials.TOKEN, _USERS),
        parameters=(_SITE, _SAFE_TOKEN, Parameter("tcid", False, aliases=("tc_id",)), Parameter("callback", False)),
    ),
    USER_GET := Endpoint(
        *("user_get", "GET", API_HOST, "/engage/user/", Credentials.TOKEN, _USERS),
        parameters=(_SITE, _USER_ID, TOKEN),
    ),
    USER_PUT := replace(
        USER_GET, id="user_put", method="PUT", version=USER_1_0, content_type=JSON, is_type_required=False
    ),
    USER_DELETE := Endpoint(
        *("user_delete", "DELETE", API_HOST, "/engage/user/", Credentials.TOKEN, _USERS),
        parameters=(
            _SITE,
            # Only this operation documents digits, so that anything else is a warning (K114).
            Parameter("user_id", True, DIGITS, "digits", Severity.WARNING, aliases=("userId",)),
            Parameter("tc_id", False, DIGITS, "digits", aliases=("tcid",)),
            _SAFE_TOKEN,
        ),
    ),
    PRODUCTS_BULK := Endpoint(
        *("products_bulk", "POST", API_HOST, "/v2/{siteId}/products/bulk", Credentials.BEARER, _BULK),
        version=PRODUCT_2_0,
        content_type=NDJSON,
    ),
    CONVERSIONS_BULK := replace(
        PRODUCTS_BULK,
        id="conversions_bulk",
        path="/v2/{siteId}/conversions/bulk",
        parameters=(Parameter("overwrite", False, "true|false", "`true` or `false`"),),
        version=CONVERSION_2_0,
    ),
)
"""All operations that the vendor documents; K008, K104 and K105 are decided here."""

EVENT_ENDPOINTS = (EVENTS, EVENTS_BATCH, EVENTS_LEGACY)
BULK_ENDPOINTS = (PRODUCTS_BULK, CONVERSIONS_BULK)

_SMALL_NUMBER = re.compile("[0-9]{1,4}", re.ASCII)
# Gateways put these two before the paths (K118).
_PATH_SEGMENTS = frozenset(("api", "cdp", *(segment for each in ENDPOINTS for segment in each.path.split("/"))))


def is_path_segment(segment: str) -> bool:
    """Return whether the path of an endpoint has a segment, or it is a small number; any other one may be anything."""
    return segment in _PATH_SEGMENTS or bool(_SMALL_NUMBER.fullmatch(segment))
