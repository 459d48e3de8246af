"""Where the leads stand in the bar."""

from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(65, "12345工单", "leads:tickets"),)
