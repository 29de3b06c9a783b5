@app
ticks

@ws
subscribe
complete
