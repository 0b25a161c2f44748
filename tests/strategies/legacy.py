"""Events of version 1.0 by what is special about their dialects."""

from __future__ import annotations

from hypothesis import strategies as st

from tcspec.strategies import legacy_events
from tcspec.strategies.events import contexts
from tcspec.strategies.legacy import DIALECTS

with_object_user = tuple(dialect for dialect in DIALECTS if dialect != "android_waiting")
"""The dialects that are valid 1.0; in the others `user` is a string while the consent is unknown."""

mixed_events = st.builds(lambda event, context: event | {"context": context}, legacy_events(), contexts)
"""Events of 1.0 with a context, which makes them 2.0."""
