"""Document -> Reading: text in, facts out. Pure functions; no file, clock or network."""
