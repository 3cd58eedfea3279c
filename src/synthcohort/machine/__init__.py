"""What the machine gives and takes back: files, folders, memory, processes."""
