import type { Definition } from './definitions.ts';

export const computingTerms: readonly Definition[] = [
  {
    terms: ['api', 'application programming interface', 'web api'],
    text: 'An API is an agreed way for one program to use another: which requests can be made, with what data, and what comes back.',
  },
  {
    terms: ['rest', 'rest api', 'restful api'],
    text: 'REST is a style of web API in which every thing has an address and the HTTP methods say what to do with it.',
  },
  {
    terms: ['graphql'],
    text: 'GraphQL is a query language for APIs in which the client names exactly the fields it wants and gets those in one answer.',
  },
  {
    terms: ['grpc'],
    text: 'gRPC lets programs call functions of others over the network, with compact messages whose shape is declared beforehand.',
  },
  {
    terms: ['http', 'hypertext transfer protocol'],
    text: 'HTTP is the protocol of the web: a client sends a request with a method and an address, and a server answers with a status and content.',
  },
  {
    terms: ['https', 'tls', 'ssl'],
    text: 'HTTPS is HTTP inside an encrypted TLS connection, so that nobody on the way can read or change what is sent.',
  },
  {
    terms: ['websocket', 'web socket'],
    text: 'A WebSocket is a connection between browser and server that stays open, so that both can send at any time.',
  },
  {
    terms: ['sse', 'server-sent events', 'server sent events'],
    text: 'Server-sent events are a way for a server to keep sending text events over one HTTP answer that stays open.',
  },
  {
    terms: ['tcp'],
    text: 'TCP carries bytes between two programs over a network, in order and without loss, by repeating what was not acknowledged.',
  },
  {
    terms: ['udp'],
    text: 'UDP sends single packets over a network without checking that they arrive: quick, but the program has to cope with loss.',
  },
  {
    terms: ['ip address', 'ip'],
    text: 'An IP address is the number by which a device is reached on a network, such as 192.0.2.1.',
  },
  {
    terms: ['dns', 'domain name system'],
    text: 'DNS is the directory of the internet: it turns names such as example.org into addresses that machines can reach.',
  },
  {
    terms: ['url', 'uri'],
    text: 'A URL is the address of something on the web: how to reach it, on which host, and under which path.',
  },
  {
    terms: ['database', 'db'],
    text: 'A database is a program that keeps data safely and finds it again quickly, even when many use it at the same time.',
  },
  {
    terms: ['sqlite'],
    text: 'SQLite is a database in a single file, used as a library inside a program: no server to run.',
  },
  {
    terms: ['postgres', 'postgresql'],
    text: 'PostgreSQL is a free relational database server known for its correctness and its many features.',
  },
  {
    terms: ['mysql', 'mariadb'],
    text: 'MySQL is a widely used relational database server; MariaDB is its independent descendant.',
  },
  {
    terms: ['redis'],
    text: 'Redis keeps data in memory and is used for caches, queues and messages between processes.',
  },
  {
    terms: ['cache', 'caching'],
    text: 'A cache keeps the results of slow work close at hand, so that the next request for the same thing is quick.',
  },
  {
    terms: ['docker'],
    text: 'Docker packs a program with everything it needs into an image, which then runs the same way on any machine.',
  },
  {
    terms: ['container'],
    text: 'A container is a program running apart from the rest of the machine, with its own files and limits, but sharing the system kernel.',
  },
  {
    terms: ['kubernetes', 'k8s'],
    text: 'Kubernetes runs containers on many machines: it places them, restarts them when they fail and moves traffic between them.',
  },
  {
    terms: ['git'],
    text: 'Git keeps the history of a set of files: every change with its author and reason, in branches that can be merged.',
  },
  {
    terms: ['github'],
    text: 'GitHub is a website that hosts Git repositories and adds issues, reviews and automation around them.',
  },
  {
    terms: ['linux'],
    text: 'Linux is a free operating system kernel. With the tools around it, it runs most servers and, inside Android, most phones.',
  },
  {
    terms: ['operating system', 'os'],
    text: 'An operating system runs the machine: it shares processor, memory, disk and devices among the programs.',
  },
  {
    terms: ['cpu', 'processor'],
    text: 'The CPU is the part of a computer that carries out the instructions of programs.',
  },
  {
    terms: ['gpu', 'graphics card'],
    text: 'A GPU does many simple calculations at once: it was made for pictures and now also trains and runs AI models.',
  },
  {
    terms: ['ram', 'memory'],
    text: 'RAM is the fast working memory of a computer; its content is gone when the power is.',
  },
  {
    terms: ['algorithm'],
    text: 'An algorithm is a precise list of steps that solves a kind of problem, such as sorting a list.',
  },
  {
    terms: ['data structure'],
    text: 'A data structure is a way of arranging data so that the operations you need are quick: a list, a tree, a hash table.',
  },
  {
    terms: ['recursion'],
    text: 'Recursion is solving a problem by solving a smaller one of the same kind, until it is so small that the answer is plain.',
  },
  { terms: ['variable'], text: 'A variable is a name in a program that stands for a value.' },
  {
    terms: ['function'],
    text: 'A function is a named piece of a program that takes values in and gives a result back.',
  },
  {
    terms: ['loop'],
    text: 'A loop repeats a piece of a program, for each thing in a list or as long as a condition holds.',
  },
  {
    terms: ['compiler'],
    text: 'A compiler translates a program into another form, usually machine code, before it runs.',
  },
  {
    terms: ['bug'],
    text: 'A bug is a mistake in a program that makes it do something other than what was meant.',
  },
  {
    terms: ['open source', 'open source software'],
    text: 'Open source software is published with its source code under a licence that lets anyone use, change and share it.',
  },
  {
    terms: ['encryption'],
    text: 'Encryption turns data into a form that only someone with the right key can turn back.',
  },
  {
    terms: ['hash', 'hash function'],
    text: 'A hash function turns any data into a short fixed-size value, quickly one way and, for the cryptographic kind, practically never back.',
  },
  {
    terms: ['jwt', 'json web token'],
    text: 'A JWT is a small signed document that says who someone is and until when, so that a server can check it by its signature.',
  },
  {
    terms: ['cookie'],
    text: 'A cookie is a small text that a website asks the browser to keep and send back with later requests, often to stay signed in.',
  },
  {
    terms: ['frontend', 'front end', 'front-end'],
    text: 'The frontend is the part of an application that people see and touch, such as the pages in a browser.',
  },
  {
    terms: ['backend', 'back end', 'back-end'],
    text: 'The backend is the part of an application that runs on servers: it keeps the data and enforces the rules.',
  },
  {
    terms: ['server'],
    text: 'A server is a program (or the machine it runs on) that waits for requests from others and answers them.',
  },
  {
    terms: ['cloud', 'cloud computing'],
    text: 'Cloud computing means renting computers, storage and services from a provider over the internet instead of owning them.',
  },
];
