@app
chat

@ws
join

@http
get /
