exports.handler = async function connect () {
  return { statusCode: 200 }
}
