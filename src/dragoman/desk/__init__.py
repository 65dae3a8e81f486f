"""The desk: the record in a browser, to look at, to follow back to the words, and to add to."""
