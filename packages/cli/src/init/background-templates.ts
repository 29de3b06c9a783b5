import { wording, type Flavour } from './templates.ts';

/** A function of `@events`. */
export function eventTemplate(name: string, flavour: Flavour): string {
  const { useFunctions, type } = wording(flavour);
  return `${useFunctions}

// src/events/${name}: a message that arc.events.publish({ name: '${name}', payload }) sent. One that fails comes twice more.
${subscribed('events', flavour, `payload${type('unknown')}`)}
  console.log(payload)
})
`;
}

/** A function of `@queues`. */
export function queueTemplate(name: string, flavour: Flavour): string {
  const { useFunctions, type } = wording(flavour);
  return `${useFunctions}

// src/queues/${name}: a message that arc.queues.publish({ name: '${name}', payload }) sent. It comes again until it is taken.
${subscribed('queues', flavour, `payload${type('unknown')}`)}
  console.log(payload)
})
`;
}

/** A function of `@scheduled`. */
export function scheduledTemplate(name: string, expression: string, flavour: Flavour): string {
  const { handler, type } = wording(flavour);
  return `// src/scheduled/${name}: ${expression}, in UTC. In the sandbox: arc invoke scheduled/${name}
${handler('scheduled', `event${type('{ time: string }')}`)}
  console.log('it is', event.time)
}
`;
}

/** A function of `@tables-streams`. */
export function streamTemplate(name: string, tableName: string, flavour: Flavour): string {
  const { handler, type } = wording(flavour);
  const records = type('{ Records: { eventName: string; dynamodb: { Keys: object } }[] }');
  return `// src/tables-streams/${name}: changes of ${tableName}, up to ten at once. A batch that fails comes again until it is taken.
${handler('stream', `event${records}`)}
  // INSERT, MODIFY or REMOVE, with dynamodb.OldImage and dynamodb.NewImage
  for (const { eventName, dynamodb } of event.Records) console.log(eventName, dynamodb.Keys)
}
`;
}

function subscribed(kind: 'events' | 'queues', flavour: Flavour, parameter: string): string {
  const name = flavour === 'commonjs' ? 'exports.handler =' : 'export const handler =';
  return `${name} arc.${kind}.subscribe(async function ${kind === 'events' ? 'event' : 'queue'}(${parameter}) {`;
}
