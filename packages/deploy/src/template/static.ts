import { attribute, ref, substitute } from './intrinsics.ts';
import { parameter } from './parameter.ts';
import { ofApp, type Resources } from './parts.ts';
import type { Value } from './template.ts';
import type { Context } from './units.ts';

const metadata = ofApp('static', 'static files');

/** The bucket of static files: the name of the person's own for this stage, or of the one that the stack makes. */
export function staticBucket({ app, target }: Pick<Context, 'app' | 'target'>): Value {
  return app.static[target.stage] ?? ref('StaticBucket');
}

/** What its function must be let to read: the ARN of the bucket, and of what is in it. */
export function staticArns({ app, target }: Pick<Context, 'app' | 'target'>): { bucket: Value; files: Value } {
  const own = app.static[target.stage];
  if (own === undefined) {
    return { bucket: attribute('StaticBucket', 'Arn'), files: substitute(`\${StaticBucket.Arn}/*`) };
  }
  const arn = `arn:\${AWS::Partition}:s3:::${own}`;
  return { bucket: substitute(arn), files: substitute(`${arn}/*`) };
}

/** Nobody reads the bucket but the function that serves its files. One of the person's own stays as it is. */
export function staticFiles(context: Context): Resources {
  const { app, target } = context;
  if (!app.static.isServed) return {};
  return {
    ...(app.static[target.stage] === undefined && madeBucket()),
    StaticBucketParam: parameter('static/bucket', staticBucket(context)),
    StaticFingerprintParam: parameter('static/fingerprint', String(app.static.fingerprint !== false)),
  };
}

function madeBucket(): Resources {
  return {
    StaticBucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        // Large files come straight from here by a signed address, also for scripts, which look at this.
        CorsConfiguration: {
          CorsRules: [{ AllowedMethods: ['GET', 'HEAD'], AllowedOrigins: ['*'], ExposedHeaders: ['ETag'] }],
        },
      },
      Metadata: metadata,
    },
    StaticBucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref('StaticBucket'),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OnlyEncrypted',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [attribute('StaticBucket', 'Arn'), substitute(`\${StaticBucket.Arn}/*`)],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
      Metadata: metadata,
    },
  };
}
