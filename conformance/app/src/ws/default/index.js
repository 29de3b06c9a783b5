let { play } = require('../../shared/play');
let { inBody, scriptOf } = require('../../shared/script');

exports.handler = async function message(event, context) {
  return play(event, context, inBody(event) || scriptOf(event, 'message'));
};
