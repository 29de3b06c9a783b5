let fs = require('fs')
let path = require('path')
let yaml = require('yaml')

module.exports = yaml.parse(fs.readFileSync(path.join(__dirname, 'replies.yaml'), 'utf8'))
