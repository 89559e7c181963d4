"""What must hold between the parts of a protocol, by topic. Each check is a generator; no check knows another."""
