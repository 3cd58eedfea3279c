"""Is there anything: the data against data without clusters."""
