let arc = require('@architect/functions')
let { add } = require('@architect/shared/words')

exports.handler = arc.http.async(async function words(req) {
  return { json: { reply: await add(req.requestContext.requestId, req.body.text) } }
})
