"""Stories in sentences, in any language of :mod:`govsim.language`."""
