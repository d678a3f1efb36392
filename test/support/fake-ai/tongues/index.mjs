// @ts-check
import { anthropic } from './anthropic.mjs';
import { google } from './google.mjs';
import { mistral } from './mistral.mjs';
import { ollama } from './ollama.mjs';
import { openai } from './openai.mjs';

/** Every vendor that the fake AI can play, each under a path of its own. */
export const tongues = { openai, ollama, anthropic, google, mistral };
