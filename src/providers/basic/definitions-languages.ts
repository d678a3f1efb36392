import type { Definition } from './definitions.ts';

export const languageTerms: readonly Definition[] = [
  {
    terms: ['python', 'python programming', 'the python language'],
    text: 'Python is a high-level programming language that favours readable code. It is used for web servers, data analysis, automation and machine learning.',
  },
  {
    terms: ['javascript', 'js', 'ecmascript'],
    text: 'JavaScript is the programming language of the web: every browser runs it, and with Node.js it runs on servers too.',
  },
  {
    terms: ['typescript', 'ts'],
    text: 'TypeScript is JavaScript with types: a compiler checks them before the program runs and then leaves plain JavaScript.',
  },
  {
    terms: ['java'],
    text: 'Java is a statically typed, object-oriented language whose programs run on a virtual machine, so the same build works on many systems.',
  },
  {
    terms: ['c', 'c language', 'c programming'],
    text: 'C is a small, fast programming language close to the machine. Operating systems and the cores of other languages are written in it.',
  },
  {
    terms: ['c++', 'cpp'],
    text: 'C++ grew out of C and adds classes, templates and a large library. It is used where speed matters: games, browsers, simulations.',
  },
  {
    terms: ['c#', 'csharp', 'c sharp'],
    text: "C# is Microsoft's statically typed language for the .NET platform, used for business software, web services and games.",
  },
  {
    terms: ['rust'],
    text: 'Rust is a systems programming language whose compiler rules out whole families of memory errors without needing a garbage collector.',
  },
  {
    terms: ['go', 'golang'],
    text: 'Go is a small compiled language made for servers and tools, with light-weight concurrency built in.',
  },
  {
    terms: ['php'],
    text: 'PHP is a scripting language made for web pages; a large part of the web, WordPress included, runs on it.',
  },
  {
    terms: ['ruby'],
    text: 'Ruby is a dynamic language made to be pleasant to write, best known for the web framework Ruby on Rails.',
  },
  {
    terms: ['swift'],
    text: "Swift is Apple's statically typed language for apps on its phones, tablets, watches and computers.",
  },
  {
    terms: ['kotlin'],
    text: 'Kotlin is a concise, statically typed language that runs beside Java and is the usual choice for Android apps.',
  },
  {
    terms: ['dart'],
    text: 'Dart is the language of Flutter: it compiles to native code for phones and to JavaScript for browsers.',
  },
  {
    terms: ['html'],
    text: 'HTML is the markup language that gives web pages their structure: headings, paragraphs, links, forms.',
  },
  {
    terms: ['css'],
    text: 'CSS is the language that describes how a web page looks: colours, type, spacing and layout.',
  },
  {
    terms: ['sql', 'structured query language'],
    text: 'SQL is the language for asking and changing relational databases: you say which rows you want, and the database works out how to get them.',
  },
  {
    terms: ['json'],
    text: 'JSON is a text format for data, made of objects, lists, strings, numbers, true, false and null. Most web APIs speak it.',
  },
  {
    terms: ['xml'],
    text: 'XML is a text format that wraps data in named, nested tags. Documents and older web services use it.',
  },
  {
    terms: ['yaml'],
    text: 'YAML is a data format that shows structure by indentation; many tools use it for their configuration.',
  },
  {
    terms: ['markdown', 'md'],
    text: 'Markdown is a light way to format plain text: stars for emphasis, hashes for headings, and it still reads well unformatted.',
  },
  {
    terms: ['regex', 'regular expression', 'regular expressions', 'regexp'],
    text: 'A regular expression is a pattern that describes a set of strings, used to search, check and replace text.',
  },
  {
    terms: ['react', 'reactjs', 'react.js'],
    text: 'React is a JavaScript library for user interfaces: you describe what the page looks like for a given state, and it makes the changes.',
  },
  {
    terms: ['vue', 'vuejs', 'vue.js'],
    text: 'Vue is a JavaScript framework for user interfaces with templates that update themselves when the data changes.',
  },
  {
    terms: ['angular'],
    text: 'Angular is a TypeScript framework for large web applications, with routing, forms and dependency injection included.',
  },
  {
    terms: ['node', 'node.js', 'nodejs'],
    text: 'Node.js runs JavaScript outside the browser. Its event loop lets one process serve many connections at once.',
  },
  {
    terms: ['flask'],
    text: 'Flask is a small Python framework for web applications that leaves most choices to you.',
  },
  {
    terms: ['django'],
    text: 'Django is a Python web framework that brings a database layer, an admin site and user accounts along.',
  },
  {
    terms: ['fastapi'],
    text: 'FastAPI is a Python framework for web APIs that checks requests by type hints and writes the documentation from them.',
  },
  {
    terms: ['flutter'],
    text: "Flutter is Google's toolkit for building apps for phones, desktops and the web from one code base, written in Dart.",
  },
];
