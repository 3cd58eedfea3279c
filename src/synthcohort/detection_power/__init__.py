"""What a pipeline could have found in a table like the user's: groups planted in its model."""
