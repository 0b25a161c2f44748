"""Strategies of hypothesis that draw payloads: valid ones, legacy ones, and ones with a known error."""

try:
    import hypothesis as _  # noqa: F401 - only whether it is installed
except ModuleNotFoundError as error:
    if error.name != "hypothesis":
        raise
    message = "tcspec.strategies needs hypothesis: pip install 'tcspec[test-kit]'"
    raise ModuleNotFoundError(message, name="hypothesis") from None

from tcspec.strategies.batches import batches
from tcspec.strategies.damages import NearlyValid, nearly_valid
from tcspec.strategies.events import event, events, users
from tcspec.strategies.legacy import legacy_events

__all__ = ["NearlyValid", "batches", "event", "events", "legacy_events", "nearly_valid", "users"]
