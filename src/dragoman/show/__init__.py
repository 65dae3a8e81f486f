"""What a reading looks like: view records, pictures as SVG, terminal tables, the one-file report."""
