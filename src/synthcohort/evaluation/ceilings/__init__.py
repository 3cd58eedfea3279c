"""The best that any method could reach, and where agreement was lost."""
