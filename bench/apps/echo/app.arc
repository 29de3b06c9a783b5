@app
bench

@ws

@http
get /
