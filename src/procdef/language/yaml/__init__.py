"""Reading YAML: from bytes to a tree in which every value knows its place, or to findings that say what YAML could not read."""
