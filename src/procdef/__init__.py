"""procdef: write a sales process in YAML, check it, run deals through it, and keep a log of every step."""
