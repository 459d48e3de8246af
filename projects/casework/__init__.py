"""What people do about blockers: ball-in-court clock, whistle and report-in, policies, meetings, leverage."""
