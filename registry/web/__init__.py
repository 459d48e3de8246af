"""Base views, panels, lists, error pages: what every page stands on."""
