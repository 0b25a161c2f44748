"""The pages of every code: what is wrong, why it matters, what to do, and a bad and a good example."""
