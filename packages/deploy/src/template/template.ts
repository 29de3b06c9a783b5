import type { App } from '@furrow/manifest';
import type { Target } from '../target.ts';

/** A value of a template: JSON, intrinsic functions included. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Value>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, Value>>;
}

export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  /** Only where plugins bring resources of SAM. */
  readonly Transform?: string;
  readonly Description: string;
  readonly Metadata: Readonly<Record<string, Value>>;
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

/** The parameter that names the deploy bucket, so that a template is the same in every account. */
export const bucketParameter = 'DeployBucket';

/** What a function runs: an object of the deploy bucket, and the handler in it. */
export interface FunctionCode {
  /** `functions/<sha256 of the zip>.zip` */
  readonly key: string;
  /** Base64 of the same hash, as Lambda gives it in `CodeSha256`. */
  readonly sha256: string;
  /** `index.handler` */
  readonly handler: string;
}

/** What an earlier deploy, of ours or of Architect, has settled and a new template must keep. */
export interface Adopted {
  /**
   * Logical ids by function name, without their ending: `ws/chatRoom` is `ChatRoom` in `ChatRoomWSLambda`. A table
   * `rooms` is `tables/rooms` here.
   */
  readonly ids: ReadonlyMap<string, string>;
  /** Whether the HTTP API was made from an OpenAPI text, as SAM does; then its routes go on living there. */
  readonly hasOpenApi: boolean;
}

export interface TemplateInput {
  readonly app: App;
  readonly target: Target;
  /** By function name; the built-in one that serves files is `staticFunctionName`. */
  readonly code: ReadonlyMap<string, FunctionCode>;
  /** Names of the app's own variables (`arc env`); their values travel as NoEcho parameters. */
  readonly variables: readonly string[];
  /** Differs whenever a value of those does, and tells none: published versions are made anew with it. */
  readonly variablesRevision?: string;
  /** Absent: a stack that is not there yet. */
  readonly adopted?: Adopted;
}

/** The function that serves `/_static` on AWS; part of every app with static files. */
export const staticFunctionName = 'static';
