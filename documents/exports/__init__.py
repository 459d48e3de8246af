"""Every declared list as a workbook, at once or by a job."""
