# No $default.

@app
conformance

@ws
default false
join
