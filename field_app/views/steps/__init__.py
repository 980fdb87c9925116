"""Navigation steps (palveluohjaus) and tasks: what was promised, by whom, by when."""
