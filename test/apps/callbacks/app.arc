@app
guestbook

@ws

@http
get /

@tables
connections
  connectionId *String
