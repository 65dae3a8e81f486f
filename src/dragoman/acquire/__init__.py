"""From a source (file, folder, address, standard input) to Documents."""
