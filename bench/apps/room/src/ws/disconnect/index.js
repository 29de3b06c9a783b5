exports.handler = async function () {
  return { statusCode: 200 };
};
