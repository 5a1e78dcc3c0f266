"""Whole reviews in and out."""
