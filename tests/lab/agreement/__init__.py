"""The hunt for payloads on which two judges disagree."""
