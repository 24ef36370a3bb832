"""Relations in space and time: what `pvsg.relations` does, with places and movements in metres."""
