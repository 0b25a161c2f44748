"""What is wrong with a pixel beyond its schema: missing parameters, names of the 1.0 format, no id and no time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.pixels.pixel import Pixel

_CONTEXT = ("event_id", "event_timestamp")
_TIME_PARAMETER = "ts_override"
"""The parameter that has the time in epoch seconds (K126)."""


def find_missing_parameters(pixel: Pixel) -> Iterator[Violation]:
    """Yield a warning for each parameter that a pixel lacks; the vendor's own examples lack it (K117)."""
    for name, value in (("tc_s", pixel.site), ("token", pixel.token)):
        if value is None:
            message = f"missing query parameter `{name}`"
            violation = codes.MISSING_PARAMETER.violation("", message, {"property": name})
            # The vendor's mobile SDKs call the token so.
            hint = "write `token` for `tc_skey`" if name == "token" and "tc_skey" in pixel.event else None
            source = codes.ANONYMOUS_PIXEL.source
            yield replace(violation, severity=Severity.WARNING, source=source, hint=hint)


def check_pixel(pixel: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with the event of a pixel, besides what its schema finds."""
    yield from _check_context(pixel)
    yield from _check_format(pixel)


def _check_context(pixel: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield a violation when a pixel has no id or no time; the server adds them (K117)."""
    context = pixel.get("context")
    missing = [name for name in _CONTEXT if not isinstance(context, dict) or name not in context]
    if _TIME_PARAMETER in pixel:
        missing = [name for name in missing if name != "event_timestamp"]
    if missing:
        names = " and ".join(f"`context.{name}`" for name in missing)
        message = f"missing {names}: the server sets its own"
        yield codes.ANONYMOUS_PIXEL.violation("", message, {"properties": missing})


def _check_format(pixel: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield a warning when a pixel has the names of the 1.0 format; the contract has the error that a name is missing.

    Beside a name that is read, `properties` is a custom property, which is legal.
    """
    if isinstance(pixel.get("properties"), dict) or ("event_name" not in pixel and "event" in pixel):
        message = "the pixel has names of the 1.0 format, `event` or `properties[...]`"
        hint = "name it `event_name`, and write the names in `properties[...]` without `properties`"
        yield replace(codes.LEGACY_FORMAT.violation("", message), hint=hint, severity=Severity.WARNING)
