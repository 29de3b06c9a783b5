module.exports = require('../default');
