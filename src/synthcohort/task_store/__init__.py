"""Finished work on disk, so that what was killed goes on where it was."""
