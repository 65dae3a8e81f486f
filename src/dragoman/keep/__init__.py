"""Keeping what was read: the store, its schema, and how it is searched."""
