"""Rules on events and pixels, a module a family, and how they see people, amounts and names."""
