// In the sandbox: one small file for each connection, in .furrow/data of the project.
//
// Every function runs in processes of its own, so a variable of this module would be seen by one of them only. Files are
// seen by all processes of one machine.
let { mkdir, readdir, readFile, rename, rm, writeFile } = require('node:fs/promises')
let { randomUUID } = require('node:crypto')
let { join } = require('node:path')

// A file appears whole or not at all, because renaming it is one step.
exports.keep = async function keep(connection) {
  let file = fileOf(connection.id)
  let draft = `${file}.${randomUUID()}`
  await mkdir(folder(), { recursive: true })
  await writeFile(draft, JSON.stringify(connection))
  await rename(draft, file)
}

exports.list = async function list() {
  let names = await readdir(folder()).catch(whenMissing([]))
  let files = names.filter((name) => name.endsWith('.json'))
  let texts = await Promise.all(files.map((name) => readFile(join(folder(), name), 'utf8').catch(whenMissing())))
  let found = texts.filter((text) => text !== undefined).map((text) => JSON.parse(text))
  return found.sort((one, other) => one.joinedAt - other.joinedAt)
}

exports.find = async function find(id) {
  let text = await readFile(fileOf(id), 'utf8').catch(whenMissing())
  return text && JSON.parse(text)
}

exports.remove = async function remove(id) {
  await rm(fileOf(id), { force: true })
}

function folder() {
  return join(JSON.parse(process.env.ARC_SANDBOX).cwd, '.furrow', 'data', 'connections')
}

// An id tells large from small letters and some file systems do not, so the name of its file is the id in hexadecimal.
function fileOf(id) {
  return join(folder(), `${Buffer.from(id).toString('hex')}.json`)
}

// Another process may remove a file, or not have made the folder yet, at any time.
function whenMissing(value) {
  return (error) => {
    if (error.code !== 'ENOENT') throw error
    return value
  }
}
