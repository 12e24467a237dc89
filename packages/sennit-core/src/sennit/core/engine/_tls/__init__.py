"""TLS as a layer between a transport and a connection."""
