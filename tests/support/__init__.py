"""What the tests share: the interpreter, the servers, the words of HTTP."""
