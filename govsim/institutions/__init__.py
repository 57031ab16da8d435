"""Who decides: the coordinating committee, departments and branches, territory, desks and grids."""
