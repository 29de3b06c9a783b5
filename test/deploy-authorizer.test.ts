import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing, loopback } from './aws/emulator.ts';
import { refusedStatus } from './support/connection.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const handler = 'exports.handler = async () => ({ statusCode: 200 })\n';
const manifest = (sources: string) => `@app
testapp
@ws
connect
${sources === '' ? '' : `  authorizer ${sources}`}
disconnect false
join
@stage-variables
color blue
@aws
throttlingRateLimit 100.5
routeSelectionExpression "\${request.body.service}/\${request.body.action}"
`;

/** Lets in whoever has the right token. */
const authorizer = `exports.handler = async ({ methodArn, queryStringParameters }) => ({
  principalId: 'somebody',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{
      Action: 'execute-api:Invoke',
      Effect: queryStringParameters.token === 'right' ? 'Allow' : 'Deny',
      Resource: methodArn,
    }],
  },
})
`;

/** The life of an authorizer on AWS, as far as its emulator knows: each test goes on where the one before has ended. */
describe.skipIf(missing !== undefined)(`an app with an authorizer on AWS${reason}`, () => {
  let project: AwsProject;
  let socketUrl: string;

  async function deploy(sources: string): Promise<string> {
    await project.folder.write('app.arc', manifest(sources));
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }, output).toEqual({ exitCode: 0, errors: '' });
    socketUrl = /wss:\S+/.exec(output)?.[0] ?? '';
    return output;
  }

  /** What the emulator has of the web socket's API. */
  async function get(what: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const apiId = new URL(socketUrl).hostname.split('.')[0];
    const response = await fetch(`${project.emulator.url}/v2/apis/${apiId}/${what}`);
    const { items } = (await response.json()) as { readonly items: readonly Readonly<Record<string, unknown>>[] };
    return items;
  }

  /** The status of a handshake that fails. */
  async function refused(query: string): Promise<number> {
    const target = new URL(socketUrl.replace(/^wss:/, 'ws:') + query);
    target.port = String(project.emulator.port);
    return refusedStatus(target.href, { lookup: loopback });
  }

  async function connectRoute() {
    return (await get('routes')).find(({ routeKey }) => routeKey === '$connect');
  }

  beforeAll(async () => {
    project = await openAwsProject({
      files: {
        'app.arc': '',
        'src/ws/authorizer/index.js': authorizer,
        'src/ws/connect/index.js': handler,
        'src/ws/default/index.js': handler,
        'src/ws/join/index.js': handler,
        'src/ws/join/config.arc': '@aws\nrouteResponse true\nthrottlingBurstLimit 7\n',
      },
    });
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('is deployed, and the plan names it', async () => {
    const output = await deploy('route.request.querystring.token');
    expect(output).toContain('+ authorizer (function, authorizer, permission, log group)\n');
    expect(output).toContain('+ route connect (function, route, integration, permission, log group)\n');
    // The emulator knows no route response, so none reaches it.
    expect(output).toContain('+ route join (function, route, integration, permission, log group)\n');
    expect(output).not.toContain('disconnect');
    const [made] = await get('authorizers');
    expect(made).toMatchObject({
      authorizerType: 'REQUEST',
      name: 'authorizer',
      identitySource: ['route.request.querystring.token'],
      authorizerUri: expect.stringMatching(/:function:TestappStaging-AuthorizerWSLambda-\w+\/invocations$/),
    });
    expect(await connectRoute()).toMatchObject({ authorizationType: 'CUSTOM', authorizerId: made?.['authorizerId'] });
    const routeKeys = (await get('routes')).map(({ routeKey }) => routeKey);
    expect(new Set(routeKeys)).toEqual(new Set(['$connect', '$default', 'join']));
    const [stage] = await get('stages');
    expect(stage).toMatchObject({ stageVariables: { color: 'blue' } });
  });

  test('lets in whom it allows, and nobody else', async () => {
    const connection = await project.emulator.connect(`${socketUrl}?token=right`);
    await connection.close();
    expect(await refused('?token=wrong')).toBe(403);
    expect(await refused('')).toBe(401);
  });

  test('is told apart when it asks for something else', async () => {
    const output = await deploy('route.request.header.Cookie');
    expect(output).toContain('~ function authorizer: authorizer\n');
    expect(await get('authorizers')).toMatchObject([{ identitySource: ['route.request.header.Cookie'] }]);
  });

  test('goes, and everybody may connect', async () => {
    const output = await deploy('');
    expect(output).toContain('- authorizer (function, authorizer, permission, log group)\n');
    expect(output).toContain('~ function connect: route\n');
    expect(await get('authorizers')).toEqual([]);
    expect(await connectRoute()).toMatchObject({ authorizationType: 'NONE' });
    const connection = await project.emulator.connect(socketUrl);
    await connection.close();
  });

  test('the routes that answer, and the deployment, are in what AWS itself would get', async () => {
    await project.quickArc('package');
    const template = JSON.parse(await project.folder.read('.furrow/package/template.json'));
    const types = Object.values<{ readonly Type: string }>(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /Deployment|RouteResponse/.test(type))).toHaveLength(2);
    const cloud = new CloudFormationClient(project.emulator.client);
    const { TemplateBody = '' } = await cloud.send(new GetTemplateCommand({ StackName: 'TestappStaging' }));
    cloud.destroy();
    expect(TemplateBody).not.toMatch(/ApiGatewayV2::(?:Deployment|RouteResponse)/);
  });
});
