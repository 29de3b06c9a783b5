let { replies } = require('../words')

exports.greet = (name) => `${replies.welcome} ${name}`
