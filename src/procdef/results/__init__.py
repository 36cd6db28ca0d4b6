"""What the engine hands out, for whoever embeds it and, as ``as_dict()``, as the JSON of the command line.

Everything here is a frozen dataclass of public things. ``as_dict`` gives what ``--format json`` prints of the same thing.
"""
