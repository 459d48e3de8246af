"""Reports: each sheet is a title, a tuple of columns, and rows; preview, workbook and tests share them."""
