@app
show-of-hands

@ws
vote

@http
get /

@tables
connections
  id *String
  expires TTL
