"""The floor: the least that a page of a real product costs in Django, for HaloCIK's pages to be held against.

A bare project with the middleware that nobody leaves out: sessions in the database, log-in, CSRF, messages. Its list is
one indexed query for 25 of 1,000,000 rows in a table, on a page of about 20 KB; its form is a POST that writes one row.
Only `bench.bench_pages` runs it.
"""
