import arc from '@architect/functions'
import { Votes } from '@architect/shared/votes'

async function tally() {
  const votes = await Votes.open()
  return { json: await votes.tally() }
}

export const handler = arc.http.async(tally)
