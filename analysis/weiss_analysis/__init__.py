"""Reads the suite's HDF5 files and makes tables, fits and figures of them."""
