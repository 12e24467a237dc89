"""Ports for datagrams: UDP, multicast, UNIX."""
