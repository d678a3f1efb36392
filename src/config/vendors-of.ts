import type { ValuesOf } from './define-setting.ts';
import type { vendorSettings } from './vendor-settings.ts';

/** Where each vendor with a protocol of its own is, and the key for it; empty for none. */
export const vendorsOf = (values: ValuesOf<typeof vendorSettings>) => ({
  anthropic: { baseUrl: values.anthropicBaseUrl, apiKey: values.anthropicApiKey ?? '' },
  google: { baseUrl: values.googleBaseUrl, apiKey: values.googleApiKey ?? '' },
  mistral: { baseUrl: values.mistralBaseUrl, apiKey: values.mistralApiKey ?? '' },
});
