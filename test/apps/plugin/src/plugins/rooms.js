let { join } = require('path')

/** Makes a socket route and a page for each line of @rooms. */
let rooms = (arc) => (arc.rooms || []).flat()

module.exports = {
  set: {
    ws ({ arc, inventory }) {
      let { cwd } = inventory.inv._project
      return rooms(arc).map((name) => ({ name, src: join(cwd, 'src', 'rooms', 'speak') }))
    },

    http ({ arc }) {
      return rooms(arc).map((name) => ({
        method: 'get',
        path: `/rooms/${name}`,
        src: 'src/rooms/list',
        config: { timeout: 10 },
      }))
    },

    env ({ arc }) {
      return { ROOMS: rooms(arc), GREETING: 'Welcome' }
    },
  },

  deploy: {
    async services ({ arc, stage }) {
      return { doors: `${stage}: ${rooms(arc).length}` }
    },

    start ({ cloudformation, inventory }) {
      cloudformation.Outputs.Hotel = {
        Description: 'An output that only a plugin makes',
        Value: inventory.inv.app,
      }
      return cloudformation
    },
  },

  sandbox: {
    async start ({ inventory }) {
      console.log(`${inventory.inv.app} opens`)
    },
    async end ({ inventory }) {
      console.log(`${inventory.inv.app} closes`)
    },
  },
}
