"""What the work is about: records, vocabularies, clocks and rules. Pure, imports no other part."""
