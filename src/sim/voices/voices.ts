/** The recorded lines: the file of each, and what it says. Meera answers the telephone of Anand Bakery, Divya that of a clinic; Kiran calls for a parcel service. */
export const voices = {
  greeting: {
    file: 'greeting.wav',
    text: 'Hello, this is Meera at Anand Bakery. How can I help you today?',
  },
  cakes: {
    file: 'cakes.wav',
    text:
      'We have a lovely choice of cakes today. There is chocolate truffle, black forest, and fresh pineapple. ' +
      'We also have butterscotch, red velvet, and a mango cake that everyone loves this season. ' +
      'All of them can be made without egg, and we can write a name or a message on top.',
  },
  prices: {
    file: 'prices.wav',
    text: 'A half kilo cake is four hundred and fifty rupees, and a full kilo is eight hundred and fifty.',
  },
  flavour: {
    file: 'flavour.wav',
    text: 'Of course. Which flavour would you like, chocolate truffle or fresh pineapple?',
  },
  offer: {
    file: 'offer.wav',
    text: 'The chocolate truffle will be ready by five. Shall I book it for tomorrow evening?',
  },
  booked: {
    file: 'booked.wav',
    text: 'Wonderful, it is booked. You can collect your cake tomorrow any time after five.',
  },
  hours: {
    file: 'hours.wav',
    text: 'We are open every day from eight in the morning until nine at night.',
  },
  goodbye: {
    file: 'goodbye.wav',
    text: 'Thank you for calling Anand Bakery. Have a nice day, goodbye.',
  },
  goAhead: {
    file: 'go-ahead.wav',
    text: 'Sorry, please go ahead.',
  },
  checking: {
    file: 'checking.wav',
    text: 'One moment, let me check that for you.',
  },
  clinicGreeting: {
    file: 'clinic-greeting.wav',
    text: 'Hello, Asha Clinic, this is Divya. How can I help you?',
  },
  clinicSlots: {
    file: 'clinic-slots.wav',
    text: 'Tomorrow Doctor Rao is free at half past four, and at five. Shall I take five o’clock?',
  },
  clinicBooked: {
    file: 'clinic-booked.wav',
    text: 'You are booked with Doctor Rao tomorrow at five. Please come ten minutes early.',
  },
  clinicNote: {
    file: 'clinic-note.wav',
    text: 'I cannot see the appointments just now. I have noted it, and we will call you back today.',
  },
  clinicGoodbye: {
    file: 'clinic-goodbye.wav',
    text: 'Thank you for calling Asha Clinic. Take care, goodbye.',
  },
  deliveryGreeting: {
    file: 'delivery-greeting.wav',
    text: 'Hello, this is Kiran from Swift Parcels. We have a parcel for you. Will you be at home tomorrow?',
  },
  deliveryConfirmed: {
    file: 'delivery-confirmed.wav',
    text: 'Thank you, it is confirmed. Our driver will come tomorrow.',
  },
  deliveryMoved: {
    file: 'delivery-moved.wav',
    text: 'Of course. I have moved it to tomorrow at five. Is that right?',
  },
  deliveryGoodbye: {
    file: 'delivery-goodbye.wav',
    text: 'Thank you, goodbye.',
  },
  apology: {
    file: 'apology.wav',
    text: 'I am sorry, we cannot take your call just now. Please call again in a few minutes.',
  },
} as const satisfies Readonly<Record<string, { readonly file: string; readonly text: string }>>;

/** The name of a recorded line. */
export type VoiceName = keyof typeof voices;
