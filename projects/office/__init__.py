"""The on-site office: what a family has to hand in, by kind of housing, from a day on."""
