# One event a second for each route.

@app
conformance

@ws
join

@aws
throttlingRateLimit 1
throttlingBurstLimit 1
