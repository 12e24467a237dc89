"""Connections over UNIX sockets that carry descriptors."""
