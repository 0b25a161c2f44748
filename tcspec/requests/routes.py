"""Which endpoint a request is for: by its host, its path and its method."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import Severity
from tcspec.requests.endpoints import API_HOST, ENDPOINTS, EVENTS, VENDOR_DOMAIN, VISITOR_GET
from tcspec.requests.messages import read_address

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.messages import Address, Request

_SITE_IN_PATH = "{siteId}"
_LONG = 100
_PATH_OF_SITE = re.compile("/v2/[0-9]+/")
_TELLING = re.compile("(?:^|&)(?:tc_s|site|event_name)=")


@dataclass(frozen=True, slots=True)
class Old:
    """An address of an older API, and the endpoint that has its place now."""

    path: re.Pattern[str]
    successor: Endpoint
    told: str
    host: str | None = None
    severity: Severity = Severity.ERROR


OLD = (
    Old(
        re.compile("/v2/[^/]+/events/?"),
        EVENTS,
        f"events were sent to this address until December 2021: send them to {EVENTS.url}, with the site in `tc_s`",
        API_HOST,
    ),
    # The page has both spellings; its examples win (K016).
    Old(
        re.compile("(?:/.*)?/(?:api/)?1\\.0/engage/visitors/?"),
        VISITOR_GET,
        "the examples of the vendor spell this path with v1.0, not 1.0",
        severity=Severity.INFO,
    ),
)
"""What the vendor's pages said before, or say in one place only."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: the endpoint that takes it, or the one that it was meant for, and why not."""

    endpoint: Endpoint | None
    meant: Endpoint | None
    violations: tuple[Violation, ...] = ()

    @property
    def is_old(self) -> bool:
        """Tell whether the request goes to an address of an older API, which takes it no more."""
        return self.endpoint is None and any(each.code == codes.OLD_ENDPOINT.id for each in self.violations)


def endpoint_of(method: str, url: str) -> Endpoint | None:
    """Find the endpoint that a call is for; None when there is none.

    The host may be one of the customer's own. A call with an event of the 1.0 format is for `events` until its body is
    looked at.
    """
    taking = (endpoint for endpoint in endpoints_at(url) if endpoint.method == method.upper())
    return next(taking, None)


def endpoints_at(url: str) -> tuple[Endpoint, ...]:
    """Find the endpoints at an address, whatever their method."""
    return _at(read_address(url))


def is_vendor(host: str) -> bool:
    """Tell whether a host is one of the vendor's, not one of the customer's own."""
    return host == VENDOR_DOMAIN or host.endswith(f".{VENDOR_DOMAIN}")


def is_for_vendor(url: str) -> bool:
    """Tell whether a URL among those of a whole browser is one of the vendor's endpoints.

    On hosts that are not the vendor's, where any page may have such a path, the query must look like it too.
    """
    address = read_address(url)
    if is_vendor(address.host):
        return True
    known = bool(_at(address)) or any(old.host is None and old.path.fullmatch(address.path) for old in OLD)
    return known and bool(_TELLING.search(address.query) or _PATH_OF_SITE.search(address.path))


def site_in_path(path: str, endpoint: Endpoint) -> str:
    """Give the number of the site, as the path of a call has it; nothing when the endpoint has none there."""
    found = _pattern(endpoint.path).fullmatch(path) if endpoint.has_site_in_path else None
    return found[1] if found else ""


def route(request: Request) -> Route:
    """Find out where a request goes, and what is wrong with its method and its address."""
    address = request.address
    insecure = (codes.NOT_HTTPS.violation("/url", "credentials and personal data travel in the clear: use https"),)
    violations = insecure if address.scheme == "http" else ()
    if address.scheme not in {"https", "http", ""}:
        return Route(None, None, (codes.UNKNOWN_ENDPOINT.violation("/url", "the URL is none of https"),))
    here = _at(address)
    if not here:
        found = _elsewhere(request)
        return replace(found, violations=(*violations, *found.violations))
    taking = next((endpoint for endpoint in here if endpoint.method == request.method), None)
    if taking:
        return Route(taking, taking, violations)
    return Route(None, _meant(here, request), (*violations, _wrong_method(here)))


def _wrong_method(here: tuple[Endpoint, ...]) -> Violation:
    methods = list(dict.fromkeys(endpoint.method for endpoint in here))
    message = f"this address takes {' and '.join(methods)}"
    return codes.WRONG_METHOD.violation("/method", message, {"expected": methods})


def _at(address: Address) -> tuple[Endpoint, ...]:
    return tuple(endpoint for endpoint in ENDPOINTS if _is_at(address, endpoint))


def _is_at(address: Address, endpoint: Endpoint) -> bool:
    if is_vendor(address.host) and address.host != endpoint.host:
        return False
    if _pattern(endpoint.path).fullmatch(address.path):
        return True
    is_behind_gateway = endpoint.gateway and f"{address.path.rstrip('/')}/".endswith(endpoint.gateway)
    return bool(is_behind_gateway) and not is_vendor(address.host)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    """Compile a path; a slash in the end is the same with and without (K008)."""
    return re.compile(re.escape(path.rstrip("/")).replace(re.escape(_SITE_IN_PATH), "([^/]+)") + "/?")


def _elsewhere(request: Request) -> Route:
    """Say what an address was meant to be, that is none of an endpoint."""
    address = request.address
    for old in OLD:
        if old.path.fullmatch(address.path) and old.host in {None, address.host}:
            violation = codes.OLD_ENDPOINT.violation("/url", old.told, {"expected": old.successor.url})
            is_same = old.severity is Severity.INFO and old.successor.method == request.method
            taking = old.successor if is_same else None
            wrong_method = () if taking or old.severity is Severity.ERROR else (_wrong_method((old.successor,)),)
            return Route(taking, old.successor, (replace(violation, severity=old.severity), *wrong_method))
    served = tuple(each for each in ENDPOINTS if _pattern(each.path).fullmatch(address.path))
    if served:
        meant = next((each for each in served if each.method == request.method), served[0])
        message = f"{address.host} does not serve this path, {meant.host} does"
        return Route(None, meant, (codes.UNKNOWN_ENDPOINT.violation("/url", message, {"expected": meant.url}),))
    paths = [each.path for each in ENDPOINTS] if len(address.path) < _LONG else []
    close = difflib.get_close_matches(address.path, paths, 1, 0.75)
    hint = f"did you mean {close[0]}?" if close else None
    violation = codes.UNKNOWN_ENDPOINT.violation("/url", "no endpoint has this path")
    return Route(None, None, (replace(violation, hint=hint),))


def _meant(here: tuple[Endpoint, ...], request: Request) -> Endpoint:
    """Guess what a call with a wrong method was meant for, by whether it has a body."""
    fitting = (endpoint for endpoint in here if (endpoint.content_type is not None) == request.has_body)
    return next(fitting, here[0])
