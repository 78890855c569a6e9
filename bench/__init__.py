"""What our pages cost, measured against a floor in the same process (`python -m bench`). Never asserts on time."""
