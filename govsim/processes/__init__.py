"""The week, one mechanism a file, in the order of the week."""
