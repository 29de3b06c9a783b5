module.exports = {
  ...require('./words'),
  rooms: require('./rooms'),
  limits: require('./limits.json'),
}
