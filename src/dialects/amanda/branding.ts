import { Type } from 'typebox';
import type { Section } from '../kit/define-dialect.ts';
import { Success } from './wire.ts';

const Color = Type.String({ examples: ['#4f46e5'] });
const BrandingBody = Type.Object({
  assistant_name: Type.String(),
  page_title: Type.String(),
  primary_color: Color,
  secondary_color: Color,
  accent_color: Color,
});

/** What every page asks for before it shows itself; the operator decides it in the settings `BRAND_…`. */
export const branding: Section = async (app, { branding: brand }) => {
  const data = {
    assistant_name: brand.assistantName,
    page_title: brand.pageTitle,
    primary_color: brand.primaryColor,
    secondary_color: brand.secondaryColor,
    accent_color: brand.accentColor,
  };
  app.get(
    '/api/branding',
    {
      config: { access: 'open' },
      schema: {
        tags: ['amanda: branding'],
        summary: 'How the pages present the assistant',
        response: { 200: Type.Object({ success: Success, data: BrandingBody }) },
      },
    },
    async () => ({ success: true, data }),
  );
};
