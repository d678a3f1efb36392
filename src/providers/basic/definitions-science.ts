import type { Definition } from './definitions.ts';

export const scienceTerms: readonly Definition[] = [
  {
    terms: ['ai', 'artificial intelligence'],
    text: 'Artificial intelligence is the field that builds programs for tasks thought to need a mind, such as understanding language, seeing or planning.',
  },
  {
    terms: ['machine learning', 'ml'],
    text: 'Machine learning lets a program find its rules in examples instead of being given them by a programmer.',
  },
  {
    terms: ['deep learning'],
    text: 'Deep learning is machine learning with neural networks of many layers, each building on what the one before it found.',
  },
  {
    terms: ['neural network', 'neural net'],
    text: 'A neural network is a model of many simple connected units whose connections are adjusted by training until the outputs fit.',
  },
  {
    terms: ['llm', 'large language model', 'language model'],
    text: 'A large language model has learned from much text to predict what comes next, and can so answer, summarise, translate and write code. It can also be wrong with confidence.',
  },
  {
    terms: ['token', 'tokens'],
    text: 'For a language model, a token is a piece of text, often part of a word; models read, write and are billed by tokens.',
  },
  {
    terms: ['prompt'],
    text: 'A prompt is the text given to a language model: instructions, context and the question to answer.',
  },
  {
    terms: ['chatbot', 'chat bot'],
    text: 'A chatbot is a program that talks with people in text or speech. I am a very simple one.',
  },
  {
    terms: ['nlp', 'natural language processing'],
    text: 'Natural language processing is the part of computing that deals with human language: splitting, tagging, translating, understanding it.',
  },
  {
    terms: ['transformer', 'transformer model'],
    text: 'A transformer is a neural network that weighs how much each part of its input matters to each other part; today’s language models are built this way.',
  },
  {
    terms: ['data science'],
    text: 'Data science draws conclusions from data with statistics, programming and knowledge of the subject.',
  },
  {
    terms: ['blockchain'],
    text: 'A blockchain is a list of records kept by many parties at once, each block sealed by a hash of the one before, so that old entries cannot be changed unnoticed.',
  },
  {
    terms: ['internet'],
    text: 'The internet is the worldwide network of networks that lets computers exchange packets of data.',
  },
  {
    terms: ['quantum computing', 'quantum computer'],
    text: 'A quantum computer calculates with quantum states, which makes some problems, such as factoring, much faster in principle.',
  },
  {
    terms: ['gravity'],
    text: 'Gravity is the attraction between masses: it makes things fall and keeps planets in their orbits.',
  },
  {
    terms: ['photosynthesis'],
    text: 'Photosynthesis is how plants turn light, water and carbon dioxide into sugar and oxygen.',
  },
  {
    terms: ['dna'],
    text: 'DNA is the long molecule in cells that carries the instructions for building and running a living thing.',
  },
  {
    terms: ['atom'],
    text: 'An atom is the smallest piece of a chemical element: a nucleus of protons and neutrons with electrons around it.',
  },
  {
    terms: ['black hole'],
    text: 'A black hole is a region of space with gravity so strong that not even light gets out.',
  },
  {
    terms: ['prime number', 'prime'],
    text: 'A prime number is a whole number above 1 that only 1 and itself divide: 2, 3, 5, 7, 11 and so on without end.',
  },
  { terms: ['pi', 'π'], text: 'Pi is the ratio of a circle’s circumference to its diameter, about 3.14159.' },
  {
    terms: ['democracy'],
    text: 'Democracy is a form of government in which the people decide, directly or by electing those who do.',
  },
  { terms: ['inflation'], text: 'Inflation is a general rise of prices, so that the same money buys less.' },
];
