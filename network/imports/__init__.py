"""Devices from and to a table, as long work: columns, a plan with every row's errors, writing in bulk, the jobs."""
