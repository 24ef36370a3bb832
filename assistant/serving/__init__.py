"""The assistant for other programs: an OpenAI-compatible HTTP server and an MCP server.

    from assistant.serving.app import create_app
    from assistant.serving.library import Library
    app = create_app(Library.of({"street": graph}))

Needs the extra `serve`; importing `assistant` does not import it.
"""
