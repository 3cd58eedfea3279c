"""How well a partition agrees with a truth or with other partitions."""
