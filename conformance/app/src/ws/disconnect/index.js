let { play } = require('../../shared/play');
let { scriptOf } = require('../../shared/script');

exports.handler = async function disconnect(event, context) {
  return play(event, context, scriptOf(event, 'disconnect'));
};
