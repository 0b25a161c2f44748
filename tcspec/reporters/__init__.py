"""How a run is told: each reporter turns the same stream of results into text of its format."""
