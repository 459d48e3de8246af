"""Speed and memory, as ratios within one run. `make bench`; a benchmark checks its own output before it reports."""
