"""Verbs on values: stimuli, conditioning, detection, judgement; numpy and scipy only."""
