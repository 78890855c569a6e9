"""What the law and the sums of agreements say: plain functions."""
