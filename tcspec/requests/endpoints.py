"""The endpoints of the vendor, once: what a call of each has to look like, and which answers are documented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import Severity
from tcspec.kinds import BATCH_2_0, CONVERSION_2_0, EVENT_1_0, EVENT_2_0, PIXEL_2_0, PRODUCT_2_0, USER_1_0

if TYPE_CHECKING:
    from tcspec.kinds import Version

COLLECT_HOST, API_HOST = "collect.commander1.com", "api.commander1.com"
VENDOR_DOMAIN = "commander1.com"
JSON, NDJSON = "application/json", "application/x-ndjson"


class Credentials(Enum):
    """Where an endpoint looks for the credentials of a call."""

    TOKEN = "the `token` parameter"  # noqa: S105 - words, not a password
    EITHER = "the `token` parameter or a Bearer token"
    BEARER = "a Bearer token"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query; `aliases` are what other calls name the same thing.

    Its text must match `pattern` in full, or it has `looks` wrong; None is any text.
    """

    name: str
    is_required: bool = True
    pattern: str | None = None
    looks: str = ""
    severity: Severity = Severity.ERROR
    aliases: tuple[str, ...] = ()

    def fits(self, text: str) -> bool:
        """Tell whether a text looks as it must."""
        return self.pattern is None or bool(re.fullmatch(self.pattern, text))


@dataclass(frozen=True, slots=True)
class Documented:
    """A status that the vendor documents, and when it comes."""

    status: int
    when: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the vendor's APIs; a part in braces of `path` is the number of the site.

    `content_type` is None when no body is read, `is_type_asked` tells whether the vendor documents that it is needed.
    `version` is that of the body, or of the query of a pixel; None when the call carries no payload.
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
    is_type_asked: bool = True
    answers: tuple[Documented, ...] = ()
    gateway: str | None = None

    @property
    def kind(self) -> str | None:
        """Give the kind of the payload that is carried."""
        return self.version.kind if self.version else None

    @property
    def url(self) -> str:
        """Give the address as the vendor documents it."""
        return f"https://{self.host}{self.path}"

    @property
    def has_site_in_path(self) -> bool:
        """Tell whether the site is named in the path, not in the query."""
        return "{siteId}" in self.path

    def parameter(self, name: str) -> Parameter | None:
        """Find a parameter of the query."""
        return next((each for each in self.parameters if each.name == name), None)


_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_HTTP_1_0 = "features/sources/sources-catalog/http-tracking-api/http-tracking-api1_0.md"
_PIXEL = "features/sources/sources-catalog/web/pixel-tracking.md"
_USERS = "features/sources/sources-catalog/import-crm-users/api-users.md"
_BULK = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"

SITE_NAMES = ("tc_s", "site", "siteId", "site_id")
TOKEN_NAMES = ("token", "sourceKey", "source_key")
DIGITS, _WORD = "[0-9]+", "[a-zA-Z0-9]*"

_TC_S = Parameter("tc_s", pattern=DIGITS, looks="digits", aliases=SITE_NAMES[1:])
_SITE = Parameter("site", pattern=DIGITS, looks="digits", aliases=("tc_s", "siteId", "site_id"))
_TOKEN = Parameter("token", aliases=TOKEN_NAMES[1:])
_SAFE_TOKEN = Parameter("token", pattern=_WORD, looks="letters and digits", aliases=TOKEN_NAMES[1:])
_USER_ID = Parameter("user_id", aliases=("userId",))
_COLLECTED = (
    Documented(200, "everything else, whatever becomes of the event"),
    Documented(400, "the body is not JSON, or too large"),
)
_USER_FOUND = Documented(200, "the user is known")
_BULK_ANSWERS = (
    Documented(202, "every object was accepted"),
    Documented(400, "something is wrong with the request, or with some of its objects"),
    Documented(401, "the caller is not known"),
    Documented(403, "the caller may not write to the site"),
    Documented(405, "the request is not one that is taken"),
    Documented(415, "the Content-Type is another"),
    Documented(429, "there are too many calls or connections"),
    Documented(500, "the server failed"),
)

ENDPOINTS = (
    EVENTS := Endpoint(
        *("events", "POST", COLLECT_HOST, "/events", Credentials.EITHER, _HTTP),
        parameters=(_TC_S, _TOKEN),
        version=EVENT_2_0,
        content_type=JSON,
        answers=_COLLECTED,
    ),
    EVENTS_BATCH := Endpoint(
        *("events_batch", "POST", COLLECT_HOST, "/events/batch", Credentials.EITHER, _HTTP),
        parameters=(_TC_S, _TOKEN),
        version=BATCH_2_0,
        content_type=JSON,
        answers=_COLLECTED,
    ),
    EVENTS_PIXEL := Endpoint(
        *("events_pixel", "GET", COLLECT_HOST, "/events", Credentials.TOKEN, _PIXEL),
        parameters=(_TC_S, _TOKEN, Parameter("event_name")),
        version=PIXEL_2_0,
        answers=(Documented(200, "always, as far as it is known"),),
    ),
    EVENTS_LEGACY := Endpoint(
        *("events_legacy", "POST", COLLECT_HOST, "/events", Credentials.BEARER, _HTTP_1_0),
        parameters=(_TC_S,),
        version=EVENT_1_0,
        content_type=JSON,
        answers=_COLLECTED,
    ),
    VISITOR_GET := Endpoint(
        *("visitor_get", "GET", API_HOST, "/v1.0/engage/visitors/", Credentials.TOKEN, _USERS),
        parameters=(
            _SITE,
            _SAFE_TOKEN,
            Parameter("tcid", is_required=False, aliases=("tc_id",)),
            Parameter("callback", is_required=False),
        ),
        answers=(Documented(200, "the visitor is known"),),
        gateway="/api/v1.0/engage/visitors/",
    ),
    USER_GET := Endpoint(
        *("user_get", "GET", API_HOST, "/engage/user/", Credentials.TOKEN, _USERS),
        parameters=(_SITE, _USER_ID, _TOKEN),
        answers=(_USER_FOUND, Documented(404, "the user is not known")),
    ),
    USER_PUT := Endpoint(
        *("user_put", "PUT", API_HOST, "/engage/user/", Credentials.TOKEN, _USERS),
        parameters=(_SITE, _USER_ID, _TOKEN),
        version=USER_1_0,
        content_type=JSON,
        is_type_asked=False,
        answers=(Documented(200, "the user was written"),),
    ),
    USER_DELETE := Endpoint(
        *("user_delete", "DELETE", API_HOST, "/engage/user/", Credentials.TOKEN, _USERS),
        parameters=(
            _SITE,
            # Digits here and nowhere else: no more than a warning (K114).
            Parameter("user_id", True, DIGITS, "digits", Severity.WARNING, aliases=("userId",)),
            Parameter("tc_id", False, DIGITS, "digits", aliases=("tcid",)),
            _SAFE_TOKEN,
        ),
        answers=(Documented(200, "the user was deleted"),),
    ),
    PRODUCTS_BULK := Endpoint(
        *("products_bulk", "POST", API_HOST, "/v2/{siteId}/products/bulk", Credentials.BEARER, _BULK),
        version=PRODUCT_2_0,
        content_type=NDJSON,
        answers=(*_BULK_ANSWERS, Documented(207, "some of the objects were accepted")),
    ),
    CONVERSIONS_BULK := Endpoint(
        *("conversions_bulk", "POST", API_HOST, "/v2/{siteId}/conversions/bulk", Credentials.BEARER, _BULK),
        parameters=(Parameter("overwrite", False, "true|false", "`true` or `false`"),),
        version=CONVERSION_2_0,
        content_type=NDJSON,
        answers=_BULK_ANSWERS,
    ),
)
"""Every call that the vendor documents, with the facts of its pages; K008, K104 and K105 are decided here."""

BY_ID = MappingProxyType({endpoint.id: endpoint for endpoint in ENDPOINTS})
COLLECTING = (EVENTS, EVENTS_BATCH, EVENTS_LEGACY)
IN_BULK = (PRODUCTS_BULK, CONVERSIONS_BULK)
