"""The pictures of the page, one a file."""
