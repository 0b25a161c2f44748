"""The answer of an endpoint to a request, as far as the vendor documents it; the rest is never guessed.

Rate limits, rights on a site and the validity of a token cannot be seen in a request: 403, 429 and 500 are never
predicted (K009, K010, K105).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import Severity
from tcspec.requests.bulk_response import UNCERTAIN
from tcspec.requests.endpoints import (
    BULK_ENDPOINTS,
    EVENT_ENDPOINTS,
    EVENTS_PIXEL,
    PRODUCTS_BULK,
    USER_DELETE,
    USER_GET,
    USER_PUT,
)
from tcspec.size import size_limit
from tcspec.validation import has_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.errors import Violation
    from tcspec.requests.bulk_response import BulkResponse
    from tcspec.requests.endpoints import Endpoint

OK, ACCEPTED, MULTI_STATUS = 200, 202, 207
BAD_REQUEST, UNAUTHORIZED, NOT_FOUND, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE = 400, 401, 404, 405, 415


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers: the possible statuses, none when nothing is documented, and why.

    `body` is the documented body; None when it is not documented or cannot be known.
    """

    statuses: tuple[int, ...]
    why: str
    body: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def status(self) -> int | None:
        """Return the status when only one is possible."""
        return self.statuses[0] if len(self.statuses) == 1 else None


_UNDOCUMENTED = Answer((), "the vendor does not document the answer to this request")
UNKNOWN = Answer((), "not all of the request is known")
_NOT_READABLE = ("TC001", "TC002", "TC008", "TC011")
_MAYBE_READABLE = ("TC003", "TC005", "TC006", "TC007", "TC021")
_NOT_KNOWN = (codes.NOT_JSON_VALUE, codes.UNREADABLE_CAPTURE, codes.UNREAD_PART, codes.GA4_TRANSPORT)
_OF_WHOLE_REQUEST = frozenset({UNAUTHORIZED, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE})
_HARD_LIMIT = size_limit("batch").hard
UNSUPPORTED = "UNSUPPORTED_HEADER"


def predict_answer(
    endpoint: Endpoint | None, intended: Endpoint | None, violations: list[Violation], response: BulkResponse | None
) -> tuple[Answer, list[Violation]]:
    """Predict the answer to a request; a violation that decides it gets the possible statuses as `answer` in its data.

    Args:
        endpoint: the one that accepts the request; None when none does.
        intended: the one that the request seems to be intended for.
        violations: everything found in the request.
        response: the response to the lines of a bulk request.
    """
    # What an unencrypted request gets is not documented, and of some it is not known what was sent.
    if _has(violations, *_NOT_KNOWN):
        return UNKNOWN, violations
    if _has(violations, codes.NOT_HTTPS):
        return _UNDOCUMENTED, violations
    if intended in BULK_ENDPOINTS and (endpoint or _has(violations, codes.WRONG_METHOD)):
        return _of_bulk(intended, violations, response)
    if endpoint in EVENT_ENDPOINTS:
        return _of_events(violations)
    if endpoint is EVENTS_PIXEL:
        return Answer((OK,), "a pixel is always answered with 200, even if its event is lost"), violations
    return _of_users(endpoint, violations), violations


def _of_users(endpoint: Endpoint | None, violations: list[Violation]) -> Answer:
    if endpoint is None or has_errors(violations):
        return _UNDOCUMENTED
    if endpoint is USER_GET:
        return Answer((OK, NOT_FOUND), "it depends on whether the user exists")
    body = {"success": True} if endpoint in (USER_PUT, USER_DELETE) else None
    return Answer((OK,), "the request is valid, provided that the token is", body)


def _of_events(violations: list[Violation]) -> tuple[Answer, list[Violation]]:
    decided = [_decide(violation, _statuses_of_body(violation)) for violation in violations]
    possible = {tuple(violation.data["answer"]) for violation in decided if "answer" in violation.data}
    if (BAD_REQUEST,) in possible:
        return Answer((BAD_REQUEST,), "the body is not JSON, or too large"), decided
    if possible:
        # The vendor's parser is not known: it may accept what RFC 8259 does not.
        return Answer((OK, BAD_REQUEST), "whether the vendor accepts such a body is not documented"), decided
    if has_errors(violations):
        why = "the body is JSON and within the size limit; the status does not show that data is lost"
        return Answer((OK,), why), decided
    return Answer((OK,), "the body is JSON and within the size limit"), decided


def _statuses_of_body(violation: Violation) -> tuple[int, ...]:
    """Return the statuses that a violation in the body of events leads to; none when it decides nothing."""
    if not violation.pointer.startswith("/body"):
        return ()
    if violation.code == codes.TOO_LARGE.id:
        # What happens to a batch with one event over the limit is not documented (K012).
        return (BAD_REQUEST,) if violation.pointer == "/body" else (OK, BAD_REQUEST)
    exceeds_limit = violation.code == codes.TOO_LONG.id and violation.data.get("actual", 0) > _HARD_LIMIT
    if exceeds_limit or violation.code in _NOT_READABLE:
        return (BAD_REQUEST,)
    is_uncertain = violation.code in _MAYBE_READABLE
    return (OK, BAD_REQUEST) if is_uncertain and (violation.pointer == "/body" or violation.code != "TC021") else ()


def _of_bulk(
    endpoint: Endpoint, violations: list[Violation], response: BulkResponse | None
) -> tuple[Answer, list[Violation]]:
    outcome = _outcome(endpoint, response) if response else set()
    decided = [_decide(violation, _statuses_in_bulk(violation, outcome)) for violation in violations]
    of_whole = [each for each in decided if not _OF_WHOLE_REQUEST.isdisjoint(each.data.get("answer", ()))]
    if of_whole:
        statuses = {status for violation in of_whole for status in violation.data["answer"]}
        rejected = outcome - {ACCEPTED, MULTI_STATUS}
        # Which of several errors the vendor reports is not documented.
        body = _error_body(of_whole[0]) if len(of_whole) == 1 and not rejected else None
        return Answer(tuple(sorted(statuses | rejected)), "the request is rejected as a whole", body), decided
    is_query_wrong = _has(violations, codes.WRONG_PARAMETER, codes.MISPLACED_PARAMETER)
    if is_query_wrong or any(each.pointer == "/query" for each in violations) or not response or not outcome:
        return _UNDOCUMENTED, decided
    # What happens to too many lines or items is not documented (K102).
    has_many_items = _has(violations, codes.TOO_MANY_ITEMS)
    if has_many_items:
        outcome |= {BAD_REQUEST}
    is_certain = not (response.uncertain or has_many_items or _has(violations, codes.TOO_MANY_LINES))
    return Answer(tuple(sorted(outcome)), _why(outcome), response.body() if is_certain else None), decided


def _outcome(endpoint: Endpoint, response: BulkResponse) -> set[int]:
    """Return the statuses that the lines can lead to, whether uncertain ones are accepted or rejected."""
    if response.unreadable:
        return {BAD_REQUEST}
    accepted, rejected, uncertain = response.accepted, response.rejected, response.uncertain
    possible = _statuses_of_counts(endpoint, accepted + uncertain, rejected)
    if uncertain:
        possible |= _statuses_of_counts(endpoint, accepted, rejected + uncertain) | {BAD_REQUEST}
    return possible


def _statuses_of_counts(endpoint: Endpoint, accepted: int, rejected: int) -> set[int]:
    if not rejected:
        return {ACCEPTED} if accepted else set()
    # Some products accepted: 207 on the page, 400 in the OpenAPI file (K105).
    return {MULTI_STATUS, BAD_REQUEST} if accepted and endpoint is PRODUCTS_BULK else {BAD_REQUEST}


def _statuses_in_bulk(violation: Violation, outcome: set[int]) -> tuple[int, ...]:
    """Return the statuses that a violation of a bulk request leads to; none when it decides nothing."""
    if violation.code == codes.WRONG_METHOD.id:
        return (METHOD_NOT_ALLOWED,)
    if violation.code == codes.WRONG_CONTENT_TYPE.id:
        return (UNSUPPORTED_MEDIA_TYPE,)
    if violation.data.get("property") == "Authorization":
        return (UNAUTHORIZED,)
    if not violation.pointer.startswith("/body"):
        return ()
    if violation.severity is Severity.ERROR and violation.code != codes.EMPTY.id:
        return tuple(sorted(outcome if violation.code in UNCERTAIN else outcome - {ACCEPTED}))
    return (ACCEPTED, BAD_REQUEST) if violation.code == codes.TOO_MANY_ITEMS.id else ()


def _error_body(violation: Violation) -> dict[str, Any] | None:
    """Return the documented body for a request that is rejected as a whole."""
    name = UNSUPPORTED if violation.code == codes.WRONG_CONTENT_TYPE.id else violation.data.get("error")
    return {"errors": [{"code": name, "detail": violation.message}]} if name else None


def _why(outcome: set[int]) -> str:
    if outcome == {ACCEPTED}:
        return "all objects are valid, provided that the token may write to the site"
    if ACCEPTED in outcome:
        return "what happens to some of the objects is not documented"
    return "some objects are invalid, provided that the token may write to the site"


def _has(violations: list[Violation], *searched: codes.Code) -> bool:
    return any(violation.code == code.id for violation in violations for code in searched)


def _decide(violation: Violation, statuses: tuple[int, ...]) -> Violation:
    return replace(violation, data={**violation.data, "answer": list(statuses)}) if statuses else violation
