let path = require('path')

module.exports = {
  set: {
    http () {
      return { method: 'get', path: '/health', src: path.join(__dirname, 'handler') }
    },
  },
}
