"""Files that users bring, and the link tables made of them."""
