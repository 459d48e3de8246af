"""Where the monthly report stands in the bar."""

from documents.reports.selectors.months import has_closed_months
from registry.web.first_day import FirstStep
from registry.web.navigation import NavEntry

FIRST_STEPS = (FirstStep(90, "结账", "核对第一个月的月报，提请结账", "市级专班", "reports:reports", has_closed_months),)
NAVIGATION = (NavEntry(60, "报表", "reports:reports"),)
