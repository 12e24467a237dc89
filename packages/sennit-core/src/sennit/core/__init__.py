"""sennit.core"""
