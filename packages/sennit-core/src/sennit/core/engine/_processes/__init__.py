"""Child processes: started, talked with, waited for."""
