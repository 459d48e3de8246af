"""Where the monthly report stands in the bar."""

from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(60, "报表", "reports:reports"),)
