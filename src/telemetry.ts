// Sends spans to a collector (OTLP over HTTP), by the names of settings that OpenTelemetry gives. Loaded only where one is configured.

import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { version } from './version.ts';

/** What of the environment says where spans go, and which. */
export interface TelemetrySettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sampler: string;
  readonly samplerArgument: string;
}

export interface Telemetry {
  readonly tracer: Tracer;
  /** Sends what is left, within some seconds. */
  stop(): Promise<void>;
}

/** A collector that is slow or away costs what waits in this queue, and nothing more: what does not fit is dropped. */
const queue = { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 2_000, exportTimeoutMillis: 5_000 };
const longestStop = 2_000;

const samplers: Readonly<Record<string, (argument: string) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (argument) => new TraceIdRatioBasedSampler(argument === '' ? 1 : Number(argument)),
};

function samplerOf({ sampler, samplerArgument }: TelemetrySettings): Sampler {
  const [, parent, name = 'always_on'] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root = (samplers[name] ?? (() => new AlwaysOnSampler()))(samplerArgument);
  return parent === undefined ? root : new ParentBasedSampler({ root });
}

export function openTelemetry(settings: TelemetrySettings): Telemetry {
  const exporter = new OTLPTraceExporter({ url: settings.url, headers: { ...settings.headers }, timeoutMillis: 5_000 });
  const own = resourceFromAttributes({ 'service.name': 'suanpan', 'service.version': version });
  const told = detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  const provider = new TracerProvider({
    resource: defaultResource().merge(own).merge(told),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...queue })],
  });
  const stop = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, longestStop);
    await Promise.race([provider.shutdown().catch(() => {}), promise]);
    clearTimeout(timer);
  };
  return { tracer: provider.getTracer('suanpan'), stop };
}
