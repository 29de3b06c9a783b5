@app
chat

@ws
join

@http
get /

@tables
connections
  id *String
  expires TTL
