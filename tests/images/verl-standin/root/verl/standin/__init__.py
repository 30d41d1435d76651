"""Stand-ins for Ray, Hydra and the accelerator that verl's stand-in runs on.

Nothing here is verl, Ray or Hydra: these programs only keep the contract that
a launcher and an operator see (arguments, files, console lines, exit codes).
"""
