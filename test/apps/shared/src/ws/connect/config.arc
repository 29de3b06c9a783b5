@arc
shared false
