"""What tables a run has, and what columns each of them has: one declaration a table.

A new table is one more attribute of one of the parts: `partition_tables`, `stability_tables`,
`reference_tables`. Its file, its reading and its checking follow from that.
"""
