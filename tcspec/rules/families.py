"""The modules that define rules, by the payloads that they are for: a run imports those of the payloads it meets."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from tcspec.codes import CODES
from tcspec.kinds import CONVERSION, EVENT_KINDS, PIXEL, PRODUCT, USER
from tcspec.rules.rule import Rule, StreamRule

if TYPE_CHECKING:
    from types import ModuleType

    from tcspec.codes import Code

    AnyRule = TypeVar("AnyRule", bound=Rule | StreamRule)

# A new module of rules is added to one of these functions; a new rule in one of their modules needs nothing else.


@cache
def _of_payloads() -> tuple[Rule, ...]:
    """Return the rules of which some are for any payload."""
    from tcspec.rules.events import transport  # noqa: PLC0415 - as the docstring of the module says

    return _collect(Rule, transport)


@cache
def _of_events() -> tuple[Rule, ...]:
    """Return the rules on events of any name."""
    from tcspec.rules.events import (  # noqa: PLC0415 - as above
        amounts,
        currencies,
        hashes,
        identity,
        items,
        legacy,
        names,
        placeholders,
        profiles,
        properties,
        property_names,
        timestamps,
    )

    return _collect(
        Rule,
        *(amounts, currencies, hashes, identity, items, legacy, names, placeholders, profiles, properties),
        *(property_names, timestamps),
    )


@cache
def _of_videos() -> tuple[Rule, ...]:
    """Return the rules on events of videos."""
    from tcspec.rules.events import players, video  # noqa: PLC0415 - as above

    return _collect(Rule, players, video)


@cache
def _of_pixels() -> tuple[Rule, ...]:
    """Return the rules on pixels only."""
    from tcspec.rules.events import encoding  # noqa: PLC0415 - as above

    return _collect(Rule, encoding)


@cache
def _of_bulk() -> tuple[Rule, ...]:
    """Return the rules on products, conversions and users."""
    from tcspec.rules.bulk import conversions, products  # noqa: PLC0415 - as above

    return _collect(Rule, conversions, products)


@cache
def stream_rules() -> tuple[StreamRule, ...]:
    """Return the rules on all payloads of one file."""
    from tcspec.rules.streams import consistency  # noqa: PLC0415 - as above

    return _collect(StreamRule, consistency)


def every_rule() -> tuple[Rule, ...]:
    """Return every rule on one payload."""
    return (*_of_payloads(), *_of_events(), *_of_videos(), *_of_pixels(), *_of_bulk())


@cache
def rules_for(kind: str, *, is_video: bool) -> tuple[Rule, ...]:
    """Return the rules for a kind of payload, in the order of their codes; those on videos only when it may be one."""
    rules = [
        *_of_payloads(),
        *(_of_events() if kind in EVENT_KINDS else ()),
        *(_of_videos() if is_video and kind in EVENT_KINDS else ()),
        *(_of_pixels() if kind == PIXEL.name else ()),
        *(_of_bulk() if kind in {PRODUCT.name, CONVERSION.name, USER.name} else ()),
    ]
    return tuple(sorted((rule for rule in rules if kind in rule.kinds), key=lambda rule: rule.code.id))


def find_code(identifier: str) -> Code | None:
    """Return a code by its id, wherever it is defined; None when there is none."""
    if identifier in CODES:
        return CODES[identifier]
    # Most are of events, so that few searches import the others.
    for load in (_of_events, _of_payloads, stream_rules, _of_videos, _of_pixels, _of_bulk):
        for rule in load():
            if rule.code.id == identifier:
                return rule.code
    return None


def _collect(rule_type: type[AnyRule], *modules: ModuleType) -> tuple[AnyRule, ...]:
    """Return the rules that modules define."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, rule_type))
