"""The window: shows values of the rooms below and turns gestures into calls of them."""
