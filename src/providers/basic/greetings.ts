/** Words that open a conversation, and what is said back. */
const greetings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['hello', 'hi', 'hey', 'hiya', 'howdy', 'yo', 'hi there', 'hello there', 'hey there', 'greetings'].map(
      (word) => [word, 'Hello!'],
    ),
  ),
  'good morning': 'Good morning!',
  'good afternoon': 'Good afternoon!',
  'good evening': 'Good evening!',
  'good day': 'Good day!',
  hola: '¡Hola!',
  'buenos días': '¡Buenos días!',
  'buenos dias': '¡Buenos días!',
  'buenas tardes': '¡Buenas tardes!',
  bonjour: 'Bonjour !',
  salut: 'Salut !',
  bonsoir: 'Bonsoir !',
  hallo: 'Hallo!',
  'guten tag': 'Guten Tag!',
  'guten morgen': 'Guten Morgen!',
  servus: 'Servus!',
  moin: 'Moin!',
  ciao: 'Ciao!',
  buongiorno: 'Buongiorno!',
  olá: 'Olá!',
  ola: 'Olá!',
  oi: 'Oi!',
  'bom dia': 'Bom dia!',
  hej: 'Hej!',
  hei: 'Hei!',
  ahoj: 'Ahoj!',
  cześć: 'Cześć!',
  czesc: 'Cześć!',
  szia: 'Szia!',
  merhaba: 'Merhaba!',
  selam: 'Selam!',
  привет: 'Привет!',
  здравствуйте: 'Здравствуйте!',
  привіт: 'Привіт!',
  γεια: 'Γεια σου!',
  'γεια σου': 'Γεια σου!',
  مرحبا: 'مرحبا!',
  'السلام عليكم': 'وعليكم السلام!',
  שלום: 'שלום!',
  नमस्ते: 'नमस्ते!',
  namaste: 'Namaste!',
  你好: '你好！',
  您好: '您好！',
  こんにちは: 'こんにちは！',
  안녕: '안녕하세요!',
  안녕하세요: '안녕하세요!',
  'xin chào': 'Xin chào!',
  sawasdee: 'Sawasdee!',
  aloha: 'Aloha!',
};

const byLength = Object.keys(greetings).toSorted((one, other) => other.length - one.length);
const english = new Set(['Hello!', 'Good morning!', 'Good afternoon!', 'Good evening!', 'Good day!']);

/** The reply to a bare greeting; undefined when the text is something else. */
export const greet = (plain: string): { greeting: string; isEnglish: boolean } | undefined => {
  const greeting = Object.hasOwn(greetings, plain) ? greetings[plain] : undefined;
  return greeting === undefined ? undefined : { greeting, isEnglish: english.has(greeting) };
};

/** Cuts an opening greeting off, so that "Hi! What is SQL?" is both greeted and answered. */
export const withoutGreeting = (plain: string): { greeting: string | undefined; plain: string } => {
  const opening = byLength.find(
    (word) => plain.startsWith(word) && /^[\s,.!?:;-]/.test(plain.slice(word.length)),
  );
  if (opening === undefined) return { greeting: undefined, plain };
  const rest = plain.slice(opening.length).replace(/^[\s,.!?:;-]{1,20}/, '');
  return { greeting: greetings[opening], plain: rest };
};
