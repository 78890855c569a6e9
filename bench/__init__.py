"""What our pages cost, measured beside a floor in the same process (`python -m bench`). Never asserts on time."""
