"""What lifts a blocker: decisions, and above all the government commitment letter with its obligations."""
