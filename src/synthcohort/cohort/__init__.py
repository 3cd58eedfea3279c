"""Who is clustered: a generated population, or a user's table and its settings."""
