# A function that speaks Lambda's Runtime API by itself.

@app
conformance

@ws
by-hand
