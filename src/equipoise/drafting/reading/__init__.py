"""How the phrases of registries are read. Each reader gives a value, or nothing where the words leave a doubt."""
