"""The pages, one module for each part of the work. A view reads, asks the desk, and renders; it decides nothing."""
