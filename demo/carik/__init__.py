"""The volunteers' family survey, dropped as a file twice a year."""
