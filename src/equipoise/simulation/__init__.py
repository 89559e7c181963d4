"""Virtual participants and staff: a simulated trial is made of the same acts as a real one."""
