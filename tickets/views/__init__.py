"""HTTP: load, validate, act, render."""
