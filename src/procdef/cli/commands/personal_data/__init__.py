"""Commands that tell and erase what is held on people."""
