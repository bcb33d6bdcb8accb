"""Questions asked of the catalog: boards on a date, changes, leads, models and their methods."""
