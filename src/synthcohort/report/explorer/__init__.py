"""The explorer: what the page's script needs, packed, and the script itself."""
