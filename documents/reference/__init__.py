"""The staff's reference tables: Django's admin and django-import-export, saving through services alone."""
