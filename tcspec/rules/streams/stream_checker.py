"""Check the payloads of one file or request against each other, as they go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.arguments import check_strings
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.payload import read_payload
from tcspec.rules.linting import contexts_in, nest, select_codes
from tcspec.rules.registry import STREAM_RULES
from tcspec.validation import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.payload import Payload
    from tcspec.rules.rule import StreamCheck, StreamRule

_ANYBODY, _ANY_TIME = "server", 0
"""No rule over many payloads depends on who sends one, or on the present."""


@dataclass(frozen=True, slots=True)
class StreamChecker:
    """The rules over the payloads of one file, each with what it remembers of those that went by."""

    _rules: tuple[tuple[StreamRule, StreamCheck], ...]
    _limits: Limits

    def check(self, payload: object, kind: str | None = None, line: int = 1) -> list[Violation]:
        """Check the next payload of the file; one that cannot be read is passed over.

        Args:
            payload: a dict, or the JSON document as bytes or text, whose violations then have line and column.
            kind: what the payload is; by default it is detected.
            line: the line of the file on which the payload starts; later ones that are compared with it name it.

        Raises:
            UnknownKind: when tcspec knows no such kind.
        """
        try:
            read = read_payload(payload, kind, limits=self._limits)
        except UnreadablePayload:
            return []
        return read.locate(sorted(self.find_violations(read, line), key=sort_key))

    def find_violations(self, payload: Payload, line: int) -> Iterator[Violation]:
        """Yield what is found in the next payload, as `check` does, in no order, and without lines of its own."""
        if not self._rules:
            return
        for pointer, context in contexts_in(payload, None, _ANYBODY, _ANY_TIME):
            for rule, check in self._rules:
                if context.version.kind in rule.kinds:
                    yield from (nest(pointer, rule.to_violation(finding)) for finding in check(line, context))


def stream_checker(
    select: str | Iterable[str] = (), ignore: str | Iterable[str] = (), *, limits: Limits = DEFAULT_LIMITS
) -> StreamChecker:
    """Return a checker for the payloads of one file.

    Args:
        select: a code, or prefixes of codes, of the rules to check; by default all are.
        ignore: a code, or prefixes of codes, of rules not to check.
        limits: bounds on the depth and the length of a document.

    Raises:
        UnknownKind: when no code begins with a prefix.
    """
    codes = select_codes(STREAM_RULES, check_strings("select", select), check_strings("ignore", ignore))
    return StreamChecker(tuple((STREAM_RULES[code], STREAM_RULES[code].start()) for code in codes), limits)
