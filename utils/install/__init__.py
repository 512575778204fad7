"""Making the environment, and building the package."""
