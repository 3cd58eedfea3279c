"""Simulation studies: many scenes, methods and repetitions, with Monte Carlo standard errors."""
