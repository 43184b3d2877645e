"""The disavow file: grammar, guards, planning, checking and writing."""
