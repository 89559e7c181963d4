"""The pages: what people see of a trial and do in it, in two languages, each role only what the protocol allows."""
