"""Paper and workbooks made from primitives; the only code that knows WeasyPrint and writes with openpyxl."""
