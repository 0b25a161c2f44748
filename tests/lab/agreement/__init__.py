"""A search for payloads on which two validators disagree, and other comparisons of tcspec with a second way."""
