"""The protocol file as one frozen value: `load` reads it, `check` judges it, `explain` says it, `diff` compares two."""
