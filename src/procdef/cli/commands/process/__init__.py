"""Commands about process files and published processes."""
