"""Search measured: known items, graded questions, size and speed, and the engines' plain defaults beside ours."""
