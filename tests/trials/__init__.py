"""Long trials: the races of tests/races, hundreds of times, begun at moments drawn from a seed. By `make trials`."""
