"""From many scene graphs to a web page."""
