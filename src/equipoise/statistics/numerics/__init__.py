"""What the methods stand on: sorted times, Newton's method, roots, distributions and the compiler."""
