import { expect, test } from 'vitest';
import { urlsOf } from './urls.ts';

const webSocket = 'wss://ws.a.example.com/production';

test.for([
  { outputs: undefined, urls: { http: undefined, webSocket: undefined, dns: [] } },
  { outputs: { API: 'https://a.example.com' }, urls: { http: 'https://a.example.com', webSocket: undefined, dns: [] } },
  {
    outputs: {
      API: 'https://a.example.com',
      HTTPDomainTarget: 'd-1.aws',
      HTTPDomainZone: 'Z1',
      WSS: webSocket,
      WSDomainTarget: 'd-2.aws',
    },
    urls: {
      http: 'https://a.example.com',
      webSocket,
      dns: [
        { name: 'a.example.com', target: 'd-1.aws', zone: 'Z1' },
        { name: 'ws.a.example.com', target: 'd-2.aws', zone: undefined },
      ],
    },
  },
])('$outputs', ({ outputs, urls }) => expect(urlsOf(outputs && { outputs })).toEqual(urls));
