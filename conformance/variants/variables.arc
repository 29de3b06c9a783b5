# A stage with a variable of its own.

@app
conformance

@ws
join

@stage-variables
color blue
