@app
room

@ws
