/** How the operator wants pages to present the assistant. Colours are written as `#rrggbb`. */
export type Branding = {
  assistantName: string;
  pageTitle: string;
  primaryColor: string;
  secondaryColor: string;
  accentColor: string;
};

/** For whoever mounts dialects without an operator. */
export const plainBranding: Branding = {
  assistantName: 'Assistant',
  pageTitle: 'Assistant',
  primaryColor: '#000000',
  secondaryColor: '#000000',
  accentColor: '#000000',
};
