"""Routing: the endpoint of a request, and what is wrong with its method and URL."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import Severity
from tcspec.pixels.pixel import GA4, GA4_MESSAGE
from tcspec.requests.endpoints import API_HOST, COLLECT_HOST, ENDPOINTS, EVENTS, VENDOR_DOMAIN, VISITOR_GET
from tcspec.requests.request import split_url

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request, UrlParts

_SITE_IN_PATH = "{siteId}"
_MAX_COMPARED = 100
_SITE_PATH = re.compile("/v2/[0-9]+/")
_SITE_QUERY = re.compile("(?:^|&)(?:tc_s|site)=")
_EVENTS_QUERY = re.compile("(?:^|&)(?:tc_s|event_name)=")
_EVENTS_SITE = re.compile("(?:^|&)tc_s=")
_OTHER_DOMAINS = ("tagcommander.com", "trustcommander.net", "commander4.com")
_OTHER_PATH = re.compile("/(?:dms|segmentation|segments)(?:/|$)")


@dataclass(frozen=True, slots=True)
class OldPath:
    """A path of an older API, and the endpoint that replaces it."""

    path: re.Pattern[str]
    successor: Endpoint
    message: str
    host: str | None = None
    severity: Severity = Severity.ERROR


OLD_PATHS = (
    OldPath(
        re.compile("/v2/[^/]+/events/?"),
        EVENTS,
        f"this URL received events until December 2021; send them to {EVENTS.url}, with the site in `tc_s`",
        API_HOST,
    ),
    # The page has both paths; its examples win (K016).
    OldPath(
        re.compile("(?:/.*)?/(?:api/)?1\\.0/engage/visitors/?"),
        VISITOR_GET,
        "the vendor's examples use v1.0 in this path, not 1.0",
        severity=Severity.INFO,
    ),
)
"""Paths that the vendor's pages documented before, or in one place only."""

_ANYWHERE = "(?:/.*)?"


@dataclass(frozen=True, slots=True)
class Route:
    """The endpoint that accepts a request, if any, the one it seems to be intended for, and why it is not accepted.

    `is_old` is whether the request goes to an older API, which accepts nothing any more.
    """

    endpoint: Endpoint | None
    intended: Endpoint | None
    violations: tuple[Violation, ...] = ()
    is_old: bool = False


def find_endpoints(url: UrlParts) -> tuple[Endpoint, ...]:
    """Return the endpoints at a URL, whose host may be one of the customer's, for all methods."""
    return tuple(endpoint for endpoint in ENDPOINTS if _serves(endpoint, url))


def is_vendor_host(host: str) -> bool:
    """Return whether a host is one of the vendor's, and not one of the customer's."""
    return f".{host}".endswith(f".{VENDOR_DOMAIN}")


def is_other_service(url: UrlParts) -> bool:
    """Return whether a URL belongs to a service of the vendor that is no tracking API (K127).

    A path of an endpoint on a wrong host of the vendor is a mistake, not another service.
    """
    if f".{url.host}".endswith(tuple(f".{domain}" for domain in _OTHER_DOMAINS)):
        return not find_endpoints(url)
    if not is_vendor_host(url.host) or url.host == COLLECT_HOST:
        return False
    if url.host == API_HOST:
        return bool(_OTHER_PATH.search(url.path))
    return not any(_pattern(each.path).fullmatch(url.path) for each in ENDPOINTS)


def is_vendor_url(url: str) -> bool:
    """Return whether a URL among all those of a browser is one of the vendor's endpoints.

    On other hosts, where any page may have such a path, the query or the path must name a site too.
    """
    parts = split_url(url)
    if is_vendor_host(parts.host):
        return not is_other_service(parts)
    endpoints = find_endpoints(parts)
    if EVENTS in endpoints:
        return bool(_EVENTS_QUERY.search(parts.query))
    is_known = endpoints or any(old.host is None and old.path.fullmatch(parts.path) for old in OLD_PATHS)
    return bool(is_known and (_SITE_QUERY.search(parts.query) or _SITE_PATH.search(parts.path)))


def site_in_path(path: str, endpoint: Endpoint) -> str | None:
    """Return the site in a path; None when the endpoint reads it in the query."""
    found = _pattern(endpoint.path, _ANYWHERE).fullmatch(path) if _SITE_IN_PATH in endpoint.path else None
    return found[1] if found else None


def find_route(request: Request) -> Route:
    """Find the endpoint of a request, and what is wrong with its method and URL."""
    url = request.url_parts
    if url.scheme not in {"https", "http", ""}:
        return Route(None, None, (codes.UNKNOWN_ENDPOINT.violation("/url", "expected an https URL"),))
    endpoints = find_endpoints(url)
    endpoint = next((endpoint for endpoint in endpoints if endpoint.method == request.method), None)
    if EVENTS in endpoints and GA4.search(url.query):
        found = Route(endpoint, None, (codes.GA4_TRANSPORT.violation("/query", GA4_MESSAGE),))
    elif is_other_service(url):
        found = Route(None, None)
    elif endpoints:
        wrong_method = () if endpoint else (_wrong_method(endpoints),)
        # Where the method is wrong, the body shows which one was meant.
        likely = (each for each in endpoints if (each.content_type is not None) == request.has_body)
        found = Route(endpoint, endpoint or next(likely, endpoints[0]), wrong_method)
    else:
        found = _find_other_route(request)
    if url.scheme != "http":
        return found
    insecure = codes.NOT_HTTPS.violation("/url", "credentials and personal data are not encrypted; use https")
    return replace(found, violations=(insecure, *found.violations))


def _wrong_method(endpoints: tuple[Endpoint, ...]) -> Violation:
    methods = list(dict.fromkeys(endpoint.method for endpoint in endpoints))
    message = f"expected the method {' or '.join(methods)}"
    return codes.WRONG_METHOD.violation("/method", message, {"expected": methods})


def _serves(endpoint: Endpoint, url: UrlParts) -> bool:
    # On its own hosts the vendor serves each path at one of them; a gateway of the customer may serve all.
    if is_vendor_host(url.host) and url.host != endpoint.host:
        return False
    if _pattern(endpoint.path).fullmatch(url.path):
        return True
    # Behind a path of the customer `events` is so common a word that the site must be there too (K118).
    is_named = endpoint.host != COLLECT_HOST or _EVENTS_SITE.search(url.query)
    return bool(is_named and _pattern(endpoint.path, _ANYWHERE).fullmatch(url.path)) and not is_vendor_host(url.host)


@cache
def _pattern(path: str, before: str = "") -> re.Pattern[str]:
    """Compile a path, which may follow a pattern; a slash at the end is optional (K008)."""
    return re.compile(before + re.escape(path.rstrip("/")).replace(re.escape(_SITE_IN_PATH), "([^/]+)") + "/?")


def _find_other_route(request: Request) -> Route:
    """Find what a request to no endpoint was intended for: an older API, another host, a similar path."""
    url = request.url_parts
    for old in OLD_PATHS:
        if old.path.fullmatch(url.path) and old.host in {None, url.host}:
            violation = codes.OLD_ENDPOINT.violation("/url", old.message, {"expected": old.successor.url})
            is_accepted = old.severity is Severity.INFO and old.successor.method == request.method
            endpoint = old.successor if is_accepted else None
            wrong_method = () if endpoint or old.severity is Severity.ERROR else (_wrong_method((old.successor,)),)
            violations = replace(violation, severity=old.severity), *wrong_method
            return Route(endpoint, old.successor, violations, is_old=endpoint is None)
    with_path = tuple(each for each in ENDPOINTS if _pattern(each.path).fullmatch(url.path))
    if with_path:
        intended = next((each for each in with_path if each.method == request.method), with_path[0])
        message = f"{url.host} does not serve this path, {intended.host} does"
        return Route(None, intended, (codes.UNKNOWN_ENDPOINT.violation("/url", message, {"expected": intended.url}),))
    # Comparing is quadratic in the length of the path.
    paths = [each.path for each in ENDPOINTS] if len(url.path) < _MAX_COMPARED else []
    similar = difflib.get_close_matches(url.path, paths, 1, 0.75)
    hint = f"did you mean {similar[0]}?" if similar else None
    if find_endpoints(replace(url, query="tc_s=1")):
        hint = "on a host of your own it receives events when `tc_s` is in the query"
    violation = codes.UNKNOWN_ENDPOINT.violation("/url", "no endpoint has this path")
    return Route(None, None, (replace(violation, hint=hint),))
