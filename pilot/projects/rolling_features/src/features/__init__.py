"""Inputs for forecasts, made from what was measured."""
