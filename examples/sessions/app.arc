@app
sessions

@http
get /
get /login
post /login
post /logout
post /count
get /socket

@ws

@tables
connections
  id *String
  expires TTL
