"""The shell that all pages share: one style, one policy, tables and pictures laid out alike."""
