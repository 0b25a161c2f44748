"""How a schema changed: whether a new one still takes every payload that an old one took, proved or shown."""
