"""The code editor: three ways to ask for a change, one strict applier, refusals that say what to write instead."""
