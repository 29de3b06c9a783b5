import { eventTemplate, queueTemplate, scheduledTemplate, streamTemplate } from './background-templates.ts';
import {
  authorizerTemplate,
  connectTemplate,
  customRouteTemplate,
  defaultTemplate,
  disconnectTemplate,
  httpTemplate,
  pageTemplate,
  type Flavour,
} from './templates.ts';

/** What handlers of one language are begun with, by what they are for. */
export interface LanguageTemplates {
  readonly connect: () => string;
  readonly default: () => string;
  readonly disconnect: () => string;
  readonly customRoute: (routeKey: string) => string;
  readonly authorizer: () => string;
  readonly page: () => string;
  readonly http: (label: string) => string;
  readonly event: (name: string) => string;
  readonly queue: (name: string) => string;
  readonly scheduled: (name: string, expression: string) => string;
  readonly stream: (name: string, tableName: string) => string;
}

export function nodeTemplates(flavour: Flavour): LanguageTemplates {
  return {
    connect: () => connectTemplate(flavour),
    default: () => defaultTemplate(flavour),
    disconnect: () => disconnectTemplate(flavour),
    customRoute: (routeKey) => customRouteTemplate(routeKey, flavour),
    authorizer: () => authorizerTemplate(flavour),
    page: () => pageTemplate(flavour),
    http: (label) => httpTemplate(label, flavour),
    event: (name) => eventTemplate(name, flavour),
    queue: (name) => queueTemplate(name, flavour),
    scheduled: (name, expression) => scheduledTemplate(name, expression, flavour),
    stream: (name, tableName) => streamTemplate(name, tableName, flavour),
  };
}
