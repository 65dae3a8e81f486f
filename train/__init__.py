"""Training of the reader: corpus -> weights. Needs torch; nothing in `dragoman` imports it."""
