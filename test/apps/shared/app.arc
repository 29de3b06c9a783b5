@app
shouting

@ws

@http
get /
post /words

@views
get /

@tables
words
  id *String
