"""What is printed from the pages: a participant's casebook, the blank annotated form, the checklist of a visit."""
