let arc = require('@architect/functions')
let { all } = require('@architect/shared')
let layout = require('@architect/views/layout')

exports.handler = arc.http(index)

function index(req, res) {
  all()
    .then((list) => res({ html: layout({ title: 'Shouting', list }) }))
    .catch(res)
}
