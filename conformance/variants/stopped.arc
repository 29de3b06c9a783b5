# A stage that lets nobody through.

@app
conformance

@ws

@aws
throttlingRateLimit 0
throttlingBurstLimit 0
