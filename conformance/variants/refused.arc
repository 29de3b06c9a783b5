# A connect function that Lambda refuses to run.

@app
conformance

@ws
connect
  src src/ws/refused
