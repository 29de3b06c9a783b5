@app
testapp

@ws
# no further config required

@http
get /
