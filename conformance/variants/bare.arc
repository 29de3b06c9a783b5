# Only $default.

@app
conformance

@ws
connect false
disconnect false
