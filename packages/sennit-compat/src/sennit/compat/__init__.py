"""sennit.compat"""
