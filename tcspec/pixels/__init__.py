"""Query strings and the events in them."""
