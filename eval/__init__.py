"""Measuring the reader and its parts."""
