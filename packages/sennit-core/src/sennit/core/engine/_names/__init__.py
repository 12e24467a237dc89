"""From names of hosts to addresses."""
