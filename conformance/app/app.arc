# The app that the conformance table runs against. Deploy it as it is: arc deploy

@app
conformance

@ws
join
1
two-way
brief
refused

@aws
timeout 40
