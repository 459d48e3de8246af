"""Tests of the leads."""
