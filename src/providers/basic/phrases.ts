/** Things people say, word for word (after simplifying) and parted by commas, and what can be said back. */
export type Phrases = { said: string; answers: readonly string[] };

export const phrases: readonly Phrases[] = [
  {
    said: `bye, goodbye, good bye, bye bye, see you, see you later, see ya, farewell, good night, cya,
      take care, adiós, adios, au revoir, tschüss, auf wiedersehen, arrivederci, tchau, до свидания,
      пока, 再见, さようなら`,
    answers: [
      'Goodbye! It was nice talking to you.',
      'See you next time. Take care!',
      'Bye! I am here whenever you want to talk.',
    ],
  },
  {
    said: `thanks, thank you, thank you very much, thank you so much, thanks a lot, many thanks, thx, ty,
      cheers, gracias, merci, danke, grazie, obrigado, obrigada, спасибо, 谢谢, ありがとう`,
    answers: ["You're welcome!", 'Happy to help!', 'Any time. Anything else?'],
  },
  {
    said: `help, help me, can you help me, i need help, what can you do, what do you do,
      what can i ask you, what can i ask, commands, menu, how do you work, how does this work`,
    answers: [
      'I can chat a little, tell the time and the date, do arithmetic ("what is 12% of 80"), explain common terms ' +
        '("what is an API?"), remember your name within this chat ("my name is Ada") and tell a joke. ' +
        'I am the built-in responder; the operator can connect a real model with AI_PROVIDER=openai.',
    ],
  },
  {
    said: `who are you, what are you, what's your name, what is your name, who am i talking to,
      what is this, are you a bot, are you an ai, are you a robot, are you human, are you a human,
      are you real, are you chatgpt, introduce yourself, what model are you, which model are you,
      which model is this, tell me about yourself`,
    answers: [
      'I am the built-in responder of this chat server: a program that follows simple rules, with no language model behind it. ' +
        'A real model can be connected with AI_PROVIDER=openai, OPENAI_BASE_URL, OPENAI_API_KEY and AI_MODEL.',
    ],
  },
  {
    said: `how are you, how are you doing, how's it going, how is it going, how do you do, what's up,
      whats up, sup, how are things, how are you today, are you ok, are you okay`,
    answers: [
      'All my rules are in order, thank you. How are you?',
      'Running smoothly, thanks for asking! What about you?',
      'Quite well for a small program. And you?',
    ],
  },
  {
    said: `i'm fine, i am fine, i'm good, i am good, i'm well, i am well, fine, good, great, i'm great,
      not bad, very well, fine thanks, i'm fine thanks, i am fine thanks, i'm fine thank you, i'm good thanks, good thanks, i'm happy, i am happy`,
    answers: ['Glad to hear it! What can I do for you?', 'That is good to hear. What is on your mind?'],
  },
  {
    said: `i'm sad, i am sad, i'm tired, i am tired, i'm bored, i am bored, not good, not well,
      i'm not well, i feel sad, i am lonely, i'm lonely, bad day, i had a bad day`,
    answers: [
      'I am sorry to hear that. I am only a simple program, but I am glad you told me. A joke, perhaps? Just say "tell me a joke".',
      'That sounds hard. A talk with a friend may help more than I can; I can offer a joke, if you say "tell me a joke".',
    ],
  },
  {
    said: `ok, okay, k, alright, all right, got it, i see, sure, cool, nice, awesome, perfect, wow, lol,
      haha, hmm, hm`,
    answers: ['Good. Anything else?', 'All right! What next?', 'Fine. Ask away whenever you like.'],
  },
  {
    said: `yes, yeah, yep, yup, of course`,
    answers: ['Good. Tell me more, or ask me something.', 'Noted! What would you like to know?'],
  },
  {
    said: `no, nope, nah, no thanks, no thank you, nothing`,
    answers: ['No problem. I am here if you need me.', 'All right, another time then.'],
  },
  {
    said: `sorry, i'm sorry, i am sorry, my bad, excuse me, pardon`,
    answers: ['No harm done!', "Don't worry about it."],
  },
  {
    said: `test, testing, ping, are you there, anybody there, anyone there, you there, hello world`,
    answers: ['I am here, and the connection works.', 'Loud and clear!'],
  },
  {
    said: `good bot, well done, good job, great job, you are great, you're great, i love you, i like you,
      you are smart, you're smart, you rock, you're awesome, you are awesome, you are funny,
      you're funny`,
    answers: ['Thank you, that is kind!', 'You just made my counters tick a little faster.'],
  },
  {
    said: `bad bot, you are stupid, you're stupid, you are dumb, you're dumb, you are useless,
      you're useless, i hate you, stupid, idiot, shut up`,
    answers: [
      'Fair enough: I am a very simple program. A real model would do better, and the operator can connect one with AI_PROVIDER=openai.',
    ],
  },
  {
    said: `joke, tell me a joke, tell a joke, tell me another joke, another joke, another one,
      make me laugh, a joke please, say something funny, do you know a joke, do you know any jokes,
      tell me something funny`,
    answers: [
      'Why did the developer go broke? Because he used up all his cache.',
      'There are 10 kinds of people: those who understand binary and those who do not.',
      'A SQL query walks into a bar, goes up to two tables and asks: may I join you?',
      'Why do programmers mix up Halloween and Christmas? Because OCT 31 equals DEC 25.',
      'I would tell you a joke about UDP, but you might not get it.',
      'How many programmers does it take to change a light bulb? None, that is a hardware problem.',
      'Parallel lines have so much in common. It is a shame that they will never meet.',
    ],
  },
  {
    said: `what is the meaning of life, what's the meaning of life, meaning of life,
      the answer to life the universe and everything`,
    answers: ['42, if you trust a certain guide to the galaxy. For anything beyond that, ask a philosopher.'],
  },
  {
    said: `how old are you, when were you born, where are you, where do you live, where are you from,
      who made you, who created you, who built you`,
    answers: [
      'I live inside this chat server and am as old as its latest start. The people who wrote the server wrote my rules too.',
    ],
  },
  {
    said: `what's the weather, what is the weather, how's the weather, how is the weather,
      what's the weather like, weather, what is the weather like, what's the weather like today,
      what is the weather today, what's the weather today, any news, what's new, what is the news,
      news`,
    answers: [
      'I have no window and no network: as the built-in responder I never look anything up. A look outside, or a news site, knows more.',
    ],
  },
];
