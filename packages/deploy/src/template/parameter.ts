import { substitute } from './intrinsics.ts';
import { ofApp } from './parts.ts';
import type { Resource, Value } from './template.ts';

/** A parameter below the stack's name, where `arc.services()` and Architect's library look. */
export function parameter(name: string, value: Value): Resource {
  return {
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Name: substitute(`/\${AWS::StackName}/${name}`), Value: value },
    Metadata: ofApp('parameter', name),
  };
}
