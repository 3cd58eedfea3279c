"""Runs from beginning to end: compute, write, draw."""
