module.exports = async function requireLogin(req) {
  if (!req.session.account) return { location: '/login' }
}
