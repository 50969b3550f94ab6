"""Ground of every drawing in the window: scales in steps of 1-2-5, frames, grids and chips."""
