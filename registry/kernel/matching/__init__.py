"""Which project a ticket of the hotline is about: names and numbers read apart, and the gap to the runner-up."""
