"""The website, built by Sphinx."""
