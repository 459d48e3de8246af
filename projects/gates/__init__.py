"""Why a home can or cannot go on: gate steps, blockers with scope, pauses, readiness."""
