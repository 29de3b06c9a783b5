@app
notices

@ws
default
connect
disconnect

@http
post /announce

@tables
connections
  pk *String
  sk **String

@aws
runtime nodejs22.x
timeout 10
