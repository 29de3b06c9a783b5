# API Gateway puts routes live by itself.

@app
conformance

@ws
join

@aws
autoDeploy true
