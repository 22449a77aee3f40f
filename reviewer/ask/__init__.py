"""What is sent to the model and what comes back.

    request   pack + change -> Request; pure
    schema    the one frozen JSON schema of the answer; pure
    digest    a name for what was sent; pure
    models    what each model can take, as bundled; pure
    claude    the Messages API; the only module that knows anthropic; I/O
"""
