# A connect function that does not load.

@app
conformance

@ws
connect
  src src/ws/broken
