"""Time expressions: found by a readable grammar, closed to calendar days by their context."""
