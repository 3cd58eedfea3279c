"""What a run found: its tables and its folder."""
