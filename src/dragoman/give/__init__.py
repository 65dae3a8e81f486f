"""The record in the file formats its users already have: one format a file, all listed in `formats`."""
