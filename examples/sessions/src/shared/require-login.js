// Middleware: who has not logged in goes to the login page; with a session, the next function is called.
module.exports = async function requireLogin(req) {
  if (!req.session.name) return { location: '/login', status: 303 }
}
