// Who is here.
//
//   keep({ id, name, joinedAt })   this connection is here; again: what is known of it has changed
//   list()                         everyone, the longest first: [{ id, name, joinedAt }]
//   find(id)                       one of them; undefined when it is not here
//   remove(id)                     it is not here any more; twice does no harm
//
// All of them return promises. The sandbox keeps files, AWS a table.
module.exports = process.env.ARC_SANDBOX ? require('./connections-files') : require('./connections-table')
