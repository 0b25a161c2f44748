"""How a run is reported: each reporter turns the same stream of results into the text of its format."""
