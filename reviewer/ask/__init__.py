"""What is sent to the model and what comes back. All pure but what says that it does I/O.

request   pack + change -> Request
untrusted what it holds of other people's words and files, fenced
bounds    what a prompt can come to at most
earlier   what earlier rounds told, as the model is shown it
outside   what other tools report, as the model is shown it
second_look   findings -> the small request that tries to refute them
schema    the one frozen JSON schema of the answer
digest    a name for what was sent
models    what each model can take, as bundled
told      what the Models API tells of a model
body      Request -> the Messages API's own shape
providers whom it can be asked of, and what each cannot do
claude    the Messages API; does I/O
listening one answer of it, heard as it comes; does I/O
lookup    what a server tells of a model, by its name or from its list; does I/O
batches   the Message Batches API; does I/O
results   a line of a batch's results -> what became of a request
connection what is below them: address, proxies, certificates
endless   the body of an answer, held to bounds
sdk       its clients and their errors; the only module that knows anthropic
spans     one OpenTelemetry span around a review; the only module that knows opentelemetry
chat      Request -> a chat completion, for endpoints that speak OpenAI's language
chat_answer   what comes of one, piece by piece
chat_sdk  the openai package, its client and its errors; the only module that knows it
gateway   those endpoints; does I/O
identity  who a GitHub workflow is; does I/O
probe     a tiny question, to find that out beforehand
lacks     what somebody turns out not to take
again     when to send a request again
faults    what an error means, whether to try again, how long to wait
explain   an error -> what is said of it, and what there is to do
stops     why an answer is not whole, in words
tries     the outcome of each try, and the reply built from them
"""
