/** Texts of one kind. */
export interface PromptKind {
  kind: string;
  texts: readonly string[];
}

/** Texts whose phi is compared by kind. */
export const phiPrompts: readonly PromptKind[] = [
  {
    kind: 'narrative',
    texts: [
      'Once upon a time an old fisherman lived alone in a hut beside the sea.',
      'She closed the door behind her and walked slowly down the empty street.',
      'The king rode out at dawn, and none of his men knew where he was going.',
    ],
  },
  {
    kind: 'description',
    texts: [
      'The river rises in the northern hills and flows through three lakes before it meets the sea.',
      'The church was built of grey stone, with a square tower and a roof of slate.',
      'Water boils at a lower temperature on a mountain than it does at the shore.',
    ],
  },
  {
    kind: 'question',
    texts: [
      'Why do the leaves of some trees turn red before they fall?',
      'What would you have done if you had been there in my place?',
      'How many years will it take until the forest has grown again?',
    ],
  },
  {
    kind: 'dialogue',
    texts: [
      'Where have you been? I was at the market. And what did you bring?',
      'Come in, he said. No, she answered, I would rather wait outside.',
      'Who is there? A friend. I have no friend who comes at night.',
    ],
  },
  {
    kind: 'repetition',
    texts: [
      'the the the the the the the the the the the the the the the the',
      'again and again and again and again and again and again and again',
      'one two one two one two one two one two one two one two one two',
    ],
  },
];
