"""What an endpoint on this machine received, examined as the requests of the vendor's endpoints are."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity, UnreadablePayload
from tcspec.payload import read_payload
from tcspec.pytest.comparison import describe_event, iter_events, join_lines, name_of
from tcspec.pytest.server import Server
from tcspec.requests.examination import examine_request
from tcspec.requests.request import name_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.examination import Examination

    Json = dict[str, Any]

_NOT_FOUND, _OK = 404, 200
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Received:
    """A request that was received, its examination, and the status that it was answered with."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    examination: Examination = field(repr=False)
    status: int

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Return everything that is wrong with the request, warnings too; pointers are those of `check_request`."""
        return self.examination.violations

    @property
    def errors(self) -> list[Violation]:
        """Return the violations for which the request, its event or a property would be lost."""
        return [violation for violation in self.violations if violation.severity is Severity.ERROR]

    @property
    def events(self) -> list[Json]:
        """Return the event of the request, or those of its batch."""
        if self.examination.kind == "pixel":
            try:
                return [read_payload(self.url, "pixel").document]
            except UnreadablePayload:
                return []
        payloads = (each.payload for each in self.examination.payloads if self.examination.kind in {"event", "batch"})
        return [event for payload in payloads if payload for event in iter_events(payload.document)]

    def __str__(self) -> str:
        title = f"{name_request(self.method, self.url)}, answered {self.status}"
        return join_lines([title, *(f"  {violation}" for violation in self.errors[:_LISTED])])


class Collector:
    """An endpoint on this machine that answers as the vendor's does, and what it received.

    `allow_violations` and `allow_nothing` switch off what fails the test at its end.
    """

    def __init__(self, *, allow_violations: bool = False, allow_nothing: bool = False) -> None:
        self.allow_violations = allow_violations
        self.allow_nothing = allow_nothing
        self._received: list[Received] = []
        self._arrival = Condition()
        self._server = Server(self._receive)

    @property
    def url(self) -> str:
        """Return the origin of the endpoint, on the loopback interface, which takes the paths of all APIs."""
        return self._server.url

    @property
    def events_url(self) -> str:
        """Return the address to send events to, with a site and a token."""
        return f"{self.url}/events?tc_s=1&token=test"

    @property
    def batch_url(self) -> str:
        """Return the address to send batches to, with a site and a token."""
        return f"{self.url}/events/batch?tc_s=1&token=test"

    @property
    def requests(self) -> list[Received]:
        """Return the requests that were received so far, in order."""
        with self._arrival:
            return list(self._received)

    @property
    def events(self) -> list[Json]:
        """Return the events that were received so far, of single requests, batches and pixels, in order."""
        return [event for request in self.requests for event in request.events]

    def wait(self, event_name: str | None = None, *, count: int = 1, timeout: float = 5) -> Json:
        """Wait until an event of a name, or any event, has been received so many times, and return the last of them.

        Raises:
            AssertionError: when it was not within the timeout, in seconds; the message names what was received.
        """
        __tracebackhide__ = True
        found: list[Json] = []

        def has_arrived() -> bool:
            events = (event for request in self._received for event in request.events)
            found[:] = [event for event in events if event_name in {None, name_of(event)}]
            return len(found) >= count

        with self._arrival:
            if self._arrival.wait_for(has_arrived, timeout):
                return found[count - 1]
        times = "" if count == 1 else f" {count} times"
        expected = "an event" if event_name is None else describe_event(event_name)
        received = self.requests
        names = Counter(describe_event(event) for request in received for event in request.events)
        listed = [name if number == 1 else f"{name} ({number} times)" for name, number in names.most_common(_LISTED)]
        instead = ", ".join(listed) or f"no event in {len(received)} requests"
        title = join_lines([f"expected {expected}{times} within {timeout:g} s, received {instead}"])
        invalid = [str(request) for request in received if request.errors]
        raise AssertionError("\n".join([title, *invalid[:_LISTED]]))

    def clear(self) -> None:
        """Forget what was received."""
        with self._arrival:
            self._received.clear()

    def check(self, *, allow_violations: bool = False, allow_nothing: bool = False) -> None:
        """Raise an AssertionError when a request was invalid, or when none was received, unless that is allowed."""
        __tracebackhide__ = True
        received = self.requests
        invalid = [request for request in received if request.errors]
        if invalid and not (self.allow_violations or allow_violations):
            title = f"{len(invalid)} of {len(received)} requests to the collector are invalid (allow_violations):"
            others = [f"and {len(invalid) - _LISTED} more"] if len(invalid) > _LISTED else []
            raise AssertionError("\n".join([title, *map(str, invalid[:_LISTED]), *others]))
        if not received and not (self.allow_nothing or allow_nothing):
            raise AssertionError(f"the collector received nothing at {self.url} (allow_nothing)")

    def close(self) -> None:
        """Stop receiving; what is being received is still recorded."""
        self._server.close()

    def _receive(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, Json | None]:
        # As if it were sent to the vendor: the endpoint of a test is neither encrypted nor on the vendor's host.
        url = f"https://{self.url.removeprefix('http://')}{target}"
        examination = examine_request(method, url, headers, body)
        answer = examination.answer
        # What is not documented still needs an answer; where several are possible, it is the one for what is accepted.
        unknown = _OK if examination.kind else _NOT_FOUND
        status = answer.statuses[0] if answer.statuses else unknown
        with self._arrival:
            self._received.append(Received(method, url, tuple(headers), body, examination, status))
            self._arrival.notify_all()
        return status, None if answer.body is None else dict(answer.body)


@contextmanager
def start_collector(*, allow_violations: bool = False, allow_nothing: bool = False) -> Iterator[Collector]:
    """Start a collector, and stop it at the end."""
    collector = Collector(allow_violations=allow_violations, allow_nothing=allow_nothing)
    try:
        yield collector
    finally:
        collector.close()


@contextmanager
def collect(*, allow_violations: bool = False, allow_nothing: bool = False) -> Iterator[Collector]:
    """Collect what is sent to an endpoint on this machine, for a fixture of one's own or another test framework.

    Raises:
        AssertionError: at the end, when a request was invalid or none was received, unless that is allowed.
    """
    __tracebackhide__ = True
    with start_collector(allow_violations=allow_violations, allow_nothing=allow_nothing) as collector:
        yield collector
    collector.check()
