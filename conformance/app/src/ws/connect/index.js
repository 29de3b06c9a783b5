let { play } = require('../../shared/play');
let { inQuery, scriptOf } = require('../../shared/script');

exports.handler = async function connect(event, context) {
  return play(event, context, inQuery(event) || scriptOf(event, 'connect'));
};
