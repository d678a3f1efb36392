import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DomainError } from '../../core/errors.ts';
import type { ProviderSettings } from '../define-provider.ts';
import type { Precision, WorkerData } from './library.ts';

const packageName = '@huggingface/transformers';
const packageVersion = '4.3.1';

/** The files of a model, the smallest that is still good first. */
const files: readonly (readonly [file: string, precision: Precision])[] = [
  ['model_quantized.onnx', 'q8'],
  ['model_q4.onnx', 'q4'],
  ['model.onnx', 'fp32'],
  ['model_fp16.onnx', 'fp16'],
];

/** Where the library and the model are. @throws DomainError `ai-refused`, whose cause says in one line what is missing */
export const findModel = (settings: Pick<ProviderSettings, 'transformers' | 'model'>): WorkerData => {
  const { packageDir, modelsDir } = settings.transformers;
  const library = findLibrary(packageDir);
  if (library === undefined)
    throw missing(
      `The library of local models is not installed; run: npm install --prefix ${packageDir} --ignore-scripts ${packageName}@${packageVersion}`,
    );
  const model = settings.model === '' ? listModels(modelsDir)[0] : settings.model;
  const onnx = join(modelsDir, model ?? '', 'onnx');
  const found = files.find(([file]) => model !== undefined && existsSync(join(onnx, file)));
  if (model === undefined || found === undefined)
    throw missing(
      `There is no model in ${join(modelsDir, model ?? '')}; put an ONNX text generation model there (config.json, tokenizer.json, onnx/model.onnx), as huggingface.co has them`,
    );
  return { library, folder: `${modelsDir}/`, model, precision: found[1] };
};

/** The models that are there, by the names of their folders: `name` or `owner/name`. */
export const listModels = (folder: string): string[] =>
  foldersIn(folder).flatMap((name) =>
    isModel(join(folder, name))
      ? [name]
      : foldersIn(join(folder, name))
          .map((inner) => `${name}/${inner}`)
          .filter((both) => isModel(join(folder, both))),
  );

const isModel = (folder: string): boolean => existsSync(join(folder, 'config.json'));

const foldersIn = (folder: string): string[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
};

/** In its own folder, where no other installation touches it; else beside the server. */
const findLibrary = (packageDir: string): string | undefined => {
  for (const place of [join(packageDir, 'anything.js'), import.meta.url]) {
    try {
      return createRequire(place).resolve(packageName);
    } catch {
      // Not there.
    }
  }
  return undefined;
};

const missing = (sentence: string): DomainError =>
  new DomainError('ai-refused', { cause: new Error(sentence) });
