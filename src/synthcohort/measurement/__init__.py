"""What an instrument makes of a value, what to expect of it, and what it says of the value."""
