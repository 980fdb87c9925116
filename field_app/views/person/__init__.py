"""One person: the header, the timeline, needs, steps, tasks, housing, details, matters."""
