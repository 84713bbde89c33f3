"""The commands, a module per noun; each parses, calls and prints."""
