"""SQL engines behind one small protocol."""
