"""What the evidence of a run says, taken together: decided once, for the whole page."""
