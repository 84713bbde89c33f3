"""The ground floor: values, errors, settings, ports, the store, and the stages of a day as plain functions."""
