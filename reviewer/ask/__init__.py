"""What is sent to the model and what comes back. All pure but `claude`.

request   pack + change -> Request
schema    the one frozen JSON schema of the answer
digest    a name for what was sent
models    what each model can take, as bundled
body      Request -> the Messages API's own shape
claude    the Messages API; the only module that knows anthropic; does I/O
faults    which errors to try again, how long to wait, what to say
stops     why an answer is not whole, in words
tries     the outcome of each try, and the reply built from them
"""
