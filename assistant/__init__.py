"""From a scene graph and a question to a grounded answer."""
