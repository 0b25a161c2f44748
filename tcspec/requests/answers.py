"""What an endpoint answers, as far as its pages say; what they do not say is never guessed.

Limits of rate, rights on a site and whether a token is known cannot be seen in a request: 403, 429 and 500 are never
foretold (K009, K010, K105).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import Severity
from tcspec.requests.bulk_body import DOUBTFUL
from tcspec.requests.endpoints import COLLECTING, EVENTS_PIXEL, IN_BULK, PRODUCTS_BULK, USER_DELETE, USER_GET, USER_PUT
from tcspec.size import limit_of
from tcspec.validation import has_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.errors import Violation
    from tcspec.requests.bulk_body import Lines
    from tcspec.requests.endpoints import Endpoint

OK, ACCEPTED, PARTLY, BAD, UNKNOWN_CALLER, NOT_FOUND, NOT_TAKEN, WRONG_TYPE = 200, 202, 207, 400, 401, 404, 405, 415


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers: the possible statuses, none when nothing is documented, and why.

    `body` is the body as it is documented; None when it is not, or cannot be known.
    """

    statuses: tuple[int, ...]
    why: str
    body: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def status(self) -> int | None:
        """Give the status when there is only one that is possible."""
        return self.statuses[0] if len(self.statuses) == 1 else None


_UNDOCUMENTED = "the vendor does not document what is answered to such a call"
_REFUSED_BODIES = ("TC001", "TC002", "TC008", "TC011")
_DOUBTFUL_BODIES = ("TC003", "TC005", "TC006", "TC007", "TC021")
_UNKNOWABLE = ("TC010", "TC042")
_OF_WHOLE = frozenset({UNKNOWN_CALLER, NOT_TAKEN, WRONG_TYPE})
_HUGE = limit_of("batch").hard
UNSUPPORTED = "UNSUPPORTED_HEADER"


def answer_to(
    endpoint: Endpoint | None, meant: Endpoint | None, violations: list[Violation], lines: Lines | None
) -> tuple[Answer, list[Violation]]:
    """Work out the answer to a call; what decides it says so in its data, as `answer`: the statuses it leads to.

    Args:
        endpoint: the one that takes the call; None when none does.
        meant: the one that the call seems to be meant for.
        violations: all that was found in the call.
        lines: what was found in the lines of a bulk request.
    """
    if any(violation.code in {codes.NOT_HTTPS.id, *_UNKNOWABLE} for violation in violations):
        return Answer((), _UNDOCUMENTED), violations
    if meant in IN_BULK and (endpoint or _is_wrong_method(violations)):
        return _of_bulk(meant, violations, lines)
    if endpoint in COLLECTING:
        return _of_events(violations)
    if endpoint is EVENTS_PIXEL:
        return Answer((OK,), "a pixel is always answered like this, whatever becomes of its event"), violations
    return _of_users(endpoint, violations), violations


def _of_users(endpoint: Endpoint | None, violations: list[Violation]) -> Answer:
    if endpoint is None or has_errors(violations):
        return Answer((), _UNDOCUMENTED)
    if endpoint is USER_GET:
        return Answer((OK, NOT_FOUND), "it depends on whether the user is known")
    body = {"success": True} if endpoint in (USER_PUT, USER_DELETE) else None
    return Answer((OK,), "nothing is wrong, if the token is known", body)


def _of_events(violations: list[Violation]) -> tuple[Answer, list[Violation]]:
    decided = [_deciding(violation, _statuses_of_body(violation)) for violation in violations]
    leading = {tuple(violation.data["answer"]) for violation in decided if "answer" in violation.data}
    if (BAD,) in leading:
        return Answer((BAD,), "the body is not JSON, or too large"), decided
    if leading:
        return Answer((OK, BAD), "whether the body is read, or is too large, is not documented to the byte"), decided
    if has_errors(violations):
        return Answer((OK,), "the body is JSON and not too large; the status tells nothing of what gets lost"), decided
    return Answer((OK,), "the body is JSON and not too large"), decided


def _statuses_of_body(violation: Violation) -> tuple[int, ...]:
    """Give the statuses that a violation of the body of events leads to; none when it decides nothing."""
    if not violation.pointer.startswith("/body"):
        return ()
    if violation.code == codes.TOO_LARGE.id:
        # What becomes of one event of a batch is not documented (K012).
        return (BAD,) if violation.pointer == "/body" else (OK, BAD)
    is_huge = violation.code == codes.TOO_LONG.id and violation.data.get("actual", 0) > _HUGE
    if is_huge or violation.code in _REFUSED_BODIES:
        return (BAD,)
    is_doubtful = violation.code in _DOUBTFUL_BODIES
    return (OK, BAD) if is_doubtful and (violation.pointer == "/body" or violation.code != "TC021") else ()


def _of_bulk(endpoint: Endpoint, violations: list[Violation], lines: Lines | None) -> tuple[Answer, list[Violation]]:
    outcome = _outcome(endpoint, lines) if lines else set()
    decided = [_deciding(violation, _statuses_in_bulk(violation, outcome)) for violation in violations]
    transport = [each for each in decided if not _OF_WHOLE.isdisjoint(each.data.get("answer", ()))]
    if transport:
        statuses = {status for violation in transport for status in violation.data["answer"]}
        refused = outcome - {ACCEPTED, PARTLY}
        body = _error_of(transport[0]) if len(transport) == 1 and not refused else None
        return Answer(tuple(sorted(statuses | refused)), "the call is refused as a whole", body), decided
    if _has_wrong_parameters(violations) or not lines or not outcome:
        return Answer((), _UNDOCUMENTED), decided
    # What becomes of too many lines or items is not documented (K102).
    too_many = {each.code for each in violations} & {codes.TOO_MANY_LINES.id, codes.TOO_MANY_ITEMS.id}
    if codes.TOO_MANY_ITEMS.id in too_many:
        outcome |= {BAD}
    body = lines.aggregation.answer() if not lines.doubtful and not too_many else None
    return Answer(tuple(sorted(outcome)), _why(outcome), body), decided


def _outcome(endpoint: Endpoint, lines: Lines) -> set[int]:
    """Give the statuses that the lines can lead to; where some are doubtful, whatever becomes of them."""
    if lines.unreadable:
        return {BAD}
    possible = _counted(endpoint, lines.accepted + lines.doubtful, lines.rejected)
    if lines.doubtful:
        possible |= _counted(endpoint, lines.accepted, lines.rejected + lines.doubtful) | {BAD}
    return possible


def _counted(endpoint: Endpoint, accepted: int, rejected: int) -> set[int]:
    if not rejected:
        return {ACCEPTED} if accepted else set()
    # Some products accepted: 207 on the page, 400 in the OpenAPI file (K105).
    return {PARTLY, BAD} if accepted and endpoint is PRODUCTS_BULK else {BAD}


def _statuses_in_bulk(violation: Violation, outcome: set[int]) -> tuple[int, ...]:
    """Give the statuses that a violation of a bulk request leads to; none when it decides nothing."""
    if violation.code == codes.WRONG_METHOD.id:
        return (NOT_TAKEN,)
    if violation.code == codes.WRONG_CONTENT_TYPE.id:
        return (WRONG_TYPE,)
    if violation.data.get("property") == "Authorization":
        return (UNKNOWN_CALLER,)
    if not violation.pointer.startswith("/body"):
        return ()
    if violation.severity is Severity.ERROR and violation.code != codes.EMPTY.id:
        return tuple(sorted(outcome if violation.code in DOUBTFUL else outcome - {ACCEPTED}))
    return (ACCEPTED, BAD) if violation.code == codes.TOO_MANY_ITEMS.id else ()


def _error_of(violation: Violation) -> dict[str, Any] | None:
    """Give the documented body that tells of a call that is refused as a whole."""
    name = UNSUPPORTED if violation.code == codes.WRONG_CONTENT_TYPE.id else violation.data.get("error")
    return {"errors": [{"code": name, "detail": violation.message}]} if name else None


def _why(outcome: set[int]) -> str:
    if outcome == {ACCEPTED}:
        return "every object meets its contract, if the token is known and may write to the site"
    if ACCEPTED in outcome:
        return "what becomes of some of the objects is not documented"
    return "not every object meets its contract, if the token is known and may write to the site"


def _is_wrong_method(violations: list[Violation]) -> bool:
    return any(violation.code == codes.WRONG_METHOD.id for violation in violations)


def _has_wrong_parameters(violations: list[Violation]) -> bool:
    wrong = {codes.WRONG_PARAMETER.id, codes.MISPLACED_PARAMETER.id}
    return any(each.code in wrong or each.pointer == "/query" for each in violations)


def _deciding(violation: Violation, statuses: tuple[int, ...]) -> Violation:
    return replace(violation, data={**violation.data, "answer": list(statuses)}) if statuses else violation
