"""What is sent to the model and what comes back. All pure but `claude`, `sdk` and `identity`.

request   pack + change -> Request
schema    the one frozen JSON schema of the answer
digest    a name for what was sent
models    what each model can take, as bundled
body      Request -> the Messages API's own shape
providers whom it can be asked of, and what each cannot do
claude    the Messages API; does I/O
sdk       its clients and their errors; the only module that knows anthropic
identity  who a GitHub workflow is; does I/O
lacks     what somebody turns out not to take
again     when to send a request again
faults    which errors to try again, how long to wait, what to say
stops     why an answer is not whole, in words
tries     the outcome of each try, and the reply built from them
"""
