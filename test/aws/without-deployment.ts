interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

const refused = new Set(['AWS::ApiGatewayV2::Deployment', 'AWS::ApiGatewayV2::RouteResponse']);

/**
 * The template without the two resource types that MiniStack 1.5.33 does not know, and nothing else of it changed: a
 * stage that points to a deployment deploys by itself instead, and waits for what that deployment waited for.
 */
export function withoutDeployment(templateText: string): string {
  const template = parse(templateText);
  // A fault is the emulator's to find.
  if (template?.Resources === undefined) return templateText;
  const all = template.Resources;
  const isRefused = (id: string) => all[id] !== undefined && refused.has(all[id].Type);
  const kept = Object.entries(all).filter(([id]) => !isRefused(id));
  if (kept.length === Object.keys(all).length) return templateText;
  const adapt = (resource: Resource): Resource => {
    const pointed = deploymentOf(resource);
    const itself = pointed === undefined ? resource : { ...resource, Properties: selfDeploying(resource) };
    const before = dependsOn(itself);
    const wanted = pointed === undefined ? before : [...before, pointed];
    const through = wanted.flatMap((id) => (isRefused(id) ? dependsOn(all[id]!) : [id]));
    const after = [...new Set(through)].filter((id) => !isRefused(id));
    return after.join() === before.join() ? itself : { ...itself, DependsOn: after };
  };
  const Resources = Object.fromEntries(kept.map(([id, resource]) => [id, adapt(resource)]));
  return JSON.stringify({ ...template, Resources });
}

function parse(text: string): { readonly Resources?: Readonly<Record<string, Resource>> } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function deploymentOf({ Type, Properties }: Resource): string | undefined {
  if (Type !== 'AWS::ApiGatewayV2::Stage') return undefined;
  return (Properties?.['DeploymentId'] as { readonly Ref?: string } | undefined)?.Ref;
}

function selfDeploying({ Properties }: Resource): Readonly<Record<string, unknown>> {
  const { DeploymentId: _, ...rest } = Properties ?? {};
  return { ...rest, AutoDeploy: true };
}

function dependsOn({ DependsOn = [] }: Resource): readonly string[] {
  return typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
}
