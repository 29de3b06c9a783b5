// As if this file had a syntax error, which no build would let pass.
new Function('return (');

exports.handler = async () => ({ statusCode: 200 });
