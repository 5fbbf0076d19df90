"""Tables in and out: hostile files are refused before they are parsed, and what goes out comes back unchanged."""
