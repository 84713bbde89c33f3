"""Stand-ins that record, shared by all tests."""
