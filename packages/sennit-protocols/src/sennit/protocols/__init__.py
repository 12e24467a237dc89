"""sennit.protocols"""
