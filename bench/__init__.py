"""Speed, measured against a yardstick in the same run: `make bench`, or `make bench BENCH=sweep` for one of them."""
