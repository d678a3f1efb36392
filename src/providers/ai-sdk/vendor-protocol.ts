import type { LanguageModelV3 } from '@ai-sdk/provider';
import type { VendorName } from '../define-provider.ts';

/** What a model of a vendor's package is made with. Nothing is read from the environment. */
export type ModelOptions = { baseURL: string; apiKey: string; fetch: typeof globalThis.fetch };

/** What differs from vendor to vendor. */
export type VendorProtocol = {
  name: VendorName;
  /** The version in the path of its API. */
  version: string;
  /** Loads the vendor's package: nobody else's is read. */
  load(): Promise<(options: ModelOptions, model: string) => LanguageModelV3>;
  /** How its list of models is asked for, and the names in it that can chat. */
  modelList: {
    path: string;
    headers(apiKey: string): Record<string, string>;
    read(document: Record<string, readonly Record<string, unknown>[]>): unknown[];
  };
  /** Whether an event of its stream says why the answer ends. Without one, an answer has broken off. */
  saysWhyItEnds(event: Record<string, unknown>): boolean;
};
