"""Coverage-guided fuzzing: what must hold for any bytes, the inputs to begin with, and how a run is bounded."""
